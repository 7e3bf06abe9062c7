"""What keeps the access log up: its head goes into the log, and what is old is dropped."""

from datetime import UTC, datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store import EventLog
from tiendo_event_store.access_log import AccessEntry, AccessKind, append_entries, check_access_log
from tiendo_ingest.access_upkeep import keep_up


async def test_the_head_is_noted_and_old_entries_are_dropped(engine: AsyncEngine) -> None:
    now = datetime.now(UTC)
    entries = [
        AccessEntry(at=at, who="person:An", name="An", kind=AccessKind.CASE, subject="A", address="/v1/cases/{case_id}")
        for at in (now - timedelta(days=40), now)
    ]
    await append_entries(engine, entries)
    head = await EventLog(engine).head()
    await keep_up(engine, 39)
    await keep_up(engine, 39)
    [fact] = await EventLog(engine).read_after(head, 10)
    assert (fact.type, fact.shard) == ("vn.tiendo.access.head-noted.v1", None)
    found = await check_access_log(engine)
    assert (found.first, found.entries, found.fault) == (2, 1, None)
