"""The check of refusals: whether something explained stands where a system's event belongs."""

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, warning
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.rejected.occupied_keys import occupied_keys

_REMEDY = "send the event again under another id (POST /v1/rejections/{id}/resubmit), ask whoever entered the other why, and revoke the key if need be"


async def check_occupied_keys(engine: AsyncEngine) -> list[CheckFinding]:
    """Nothing where no event of a case was refused for what is explained under its source and id; else how many, and the newest."""
    async with lent_driver(engine) as driver:
        found = await occupied_keys(driver)
    if not found:
        return []
    newest = found[0]
    return [
        warning(
            "refused events",
            f"{len(found):,} events of cases were refused, since what is explained or decided stands under their source and id: the newest is "
            f"refusal {newest.rejection_id}, where position {newest.position} was entered by {newest.entered_by or 'nobody who is told'}",
            _REMEDY,
        )
    ]
