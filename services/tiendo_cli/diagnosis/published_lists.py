"""The check of monthly lists: that each is what the log says."""

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, wrong
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.monthly_lists.content_checks import content_faults


async def check_published_lists(engine: AsyncEngine) -> list[CheckFinding]:
    """Whether every frozen list has the digest that its fact names, and every step is a fact."""
    async with lent_driver(engine) as driver:
        faults = await content_faults(driver)
    remedy = "find out who wrote into the database; docs/proof.md says what to do"
    if not faults:
        return [good("monthly lists", "each is what the log says")]
    return [
        wrong(
            "monthly lists",
            f"{fault.message}{'' if fault.position is None else f' (position {fault.position})'}",
            remedy,
        )
        for fault in faults
    ]
