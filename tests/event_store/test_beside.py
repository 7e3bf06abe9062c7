"""What is written beside events stands when they do, and only then: what a poller remembers."""

from collections.abc import Mapping
from datetime import UTC, datetime

import msgspec
import pytest
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from tests.event_store.events import SOURCE, event

from tiendo_event_store import Appended, EventLog, Unstorable
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.errors import PollerReplaced
from tiendo_event_store.sources import polled_sources
from tiendo_event_store.sources.polled_sources import KeptCase, PolledSource, Progress, source_standings
from tiendo_event_store.sources.retired_sources import KnownSource
from tiendo_event_store.stored import case_candidate

SEEN = {"d-1": KeptCase(seen='{"a":1}', is_open=True), "d-2": KeptCase(seen=None, is_open=False, refused=b"digest")}


async def source(engine: AsyncEngine) -> PolledSource:
    found = PolledSource(engine, SOURCE)
    await found.begin(60)
    return found


async def kept(polled: PolledSource) -> Mapping[str, KeptCase]:
    return await polled.kept(["d-1", "d-2", "d-3"])


async def test_what_was_seen_stands_with_the_events_and_open_cases_are_counted(engine: AsyncEngine) -> None:
    polled = await source(engine)
    async with Appender(engine) as appender:
        (outcome,) = await appender.append([case_candidate(event("a"))], beside=polled.keeping(SEEN, changed=True))
    assert isinstance(outcome, Appended)
    assert await kept(polled) == SEEN
    (standing,) = await source_standings(engine)
    assert standing.open_cases == 1
    assert standing.state.changed_at is not None


async def test_a_source_that_begins_while_all_are_looked_at_is_seen_the_next_time(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    known_before = polled_sources.known_sources

    async def known_and_another_begins(connection: AsyncConnection, arriving: list[str]) -> list[KnownSource]:
        known = await known_before(connection, arriving)
        await source(engine)
        return known

    monkeypatch.setattr(polled_sources, "known_sources", known_and_another_begins)
    assert await source_standings(engine) == []
    monkeypatch.undo()
    assert [one.state.source for one in await source_standings(engine)] == [SOURCE]


async def test_what_was_seen_of_as_many_cases_as_a_page_may_hold_is_found_at_once(engine: AsyncEngine) -> None:
    polled = await source(engine)
    async with Appender(engine) as appender:
        await appender.append((), beside=polled.keeping(SEEN, changed=False))
    assert await polled.kept([f"d-{number}" for number in range(10_000)]) == SEEN


async def test_a_poller_that_was_replaced_writes_neither_events_nor_what_it_saw(engine: AsyncEngine) -> None:
    replaced = await source(engine)
    successor = await source(engine)
    head = await EventLog(engine).head()
    async with Appender(engine) as appender:
        with pytest.raises(PollerReplaced):
            await appender.append([case_candidate(event("a"))], beside=replaced.keeping(SEEN, changed=True))
    assert await EventLog(engine).head() == head
    assert await kept(successor) == {}
    with pytest.raises(PollerReplaced):
        await replaced.note_good(Progress())
    await successor.note_good(Progress(bound_at=datetime(2022, 8, 15, tzinfo=UTC), bound_text="2022-08-15T00:00:00Z"))
    assert (await successor.state()).bound_text == "2022-08-15T00:00:00Z"


async def test_an_event_that_the_database_refuses_keeps_neither_the_others_nor_what_was_seen_from_standing(
    engine: AsyncEngine,
) -> None:
    polled = await source(engine)
    bad = msgspec.structs.replace(case_candidate(event("bad")), text="nul \x00")
    async with Appender(engine) as appender:
        first, second = await appender.append(
            [case_candidate(event("a")), bad], beside=polled.keeping(SEEN, changed=True)
        )
    assert isinstance(first, Appended)
    assert isinstance(second, Unstorable)
    assert await kept(polled) == SEEN


async def test_failures_in_a_row_are_counted_until_a_poll_ends_well(engine: AsyncEngine) -> None:
    polled = await source(engine)
    await polled.note_failure("the gateway answers 500")
    await polled.note_failure("the gateway answers 503")
    state = await polled.state()
    assert (state.failures, state.failure) == (2, "the gateway answers 503")
    await polled.note_good(Progress())
    state = await polled.state()
    assert (state.failures, state.failure) == (0, None)
    assert state.polled_at is not None
