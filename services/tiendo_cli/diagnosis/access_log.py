"""The check of the access log: that nothing of it was changed or cut off."""

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.diagnosis.findings import CheckFinding, good, wrong
from tiendo_event_store.access_log import check_access_log


async def check_access(engine: AsyncEngine) -> CheckFinding:
    """Whether each entry is as it was written, and the heads that the log noted are those of the chain."""
    found = await check_access_log(engine)
    if found.fault is not None:
        return wrong("access log", found.fault, "find out who wrote into the database; docs/proof.md says what to do")
    return good("access log", f"{found.entries} entries, each as it was written")
