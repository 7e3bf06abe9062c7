"""Facts of the house stand in the log, and disturb nothing that is made of it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.event_store.events import event

from tiendo_contracts.events.house_facts import UnknownHouseTypeError, house_event
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.publication import PublicationLog
from tiendo_event_store.reading.scanning import LogScan
from tiendo_event_store.stored import house_candidate

AT = datetime(2026, 12, 1, tzinfo=UTC)


async def test_a_fact_of_the_house_is_in_the_log_but_neither_in_the_directory_nor_sent(engine: AsyncEngine) -> None:
    log = EventLog(engine)
    before, facts = await log.head(), await log.directory_facts()
    made = house_event("vn.tiendo.key.created.v1", "key-1", {"name": "Một cửa"}, at=AT)
    async with CoalescingWriter(engine) as writer:
        await writer.append([event("1", case_id="HS-1")])
        async with Appender(engine) as appender:
            await appender.append([house_candidate(made)])
        await writer.append([event("2", case_id="HS-1")])
    stored = await log.read_after(before, 10)
    assert [(one.position - before, one.shard is None) for one in stored] == [(1, False), (2, True), (3, False)]
    assert await log.directory_facts() == facts
    assert await log.facts_of_logs(after=before) == []
    section = await LogScan(engine).section(before, 10)
    assert (section.directory, section.up_to, [case.events for case in section.cases]) == (False, before + 3, [2])
    async with PublicationLog(engine) as published:
        assert [entry.kind is not None for entry in await published.read_after(before, 10)] == [True, False, True]


async def test_a_section_of_facts_of_the_house_alone_is_passed(engine: AsyncEngine) -> None:
    before = await EventLog(engine).head()
    async with Appender(engine) as appender:
        await appender.append([house_candidate(house_event("vn.tiendo.key.created.v1", "key-1", {}, at=AT))])
    section = await LogScan(engine).section(before, 10)
    assert (section.up_to, section.cases, section.directory) == (before + 1, [], False)


def test_nothing_else_is_a_fact_of_the_house() -> None:
    for other in ("vn.tiendo.case.received.v1", "vn.tiendo.directory.unit-defined.v1", "vn.tiendo.key", "x"):
        with pytest.raises(UnknownHouseTypeError, match="no type"):
            house_event(other, "x", {}, at=AT)
