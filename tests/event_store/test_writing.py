"""Appending: dense positions in the order sent, typed outcomes, and what is claimed when the database goes away."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import asyncpg
import pytest
from msgspec.structs import replace
from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.contracts.events import event as whole_event
from tests.contracts.events import text_of
from tests.event_store.events import event
from tests.waiting import until

from tiendo_contracts.database.advisory_locks import APPEND
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_contracts.directory import UnknownDirectoryTypeError, directory_event
from tiendo_contracts.events.case_events import AcceptedEvent, accept_text
from tiendo_domain.rules import UnitRule
from tiendo_event_store import (
    AlreadyAppended,
    Appended,
    BulkLoader,
    CoalescingWriter,
    Conflict,
    EventLog,
    LogUnavailable,
    Unstorable,
    WriterOverloaded,
)
from tiendo_event_store.appending import appender
from tiendo_event_store.appending import appending_transaction as appending
from tiendo_event_store.followed.followed_appending import FollowedEvent, append_followed
from tiendo_event_store.stored import case_candidate
from tiendo_runtime.database import engine_of, service_engine

AT = datetime(2022, 8, 1, tzinfo=UTC)
Commit = Callable[[asyncpg.Connection], Awaitable[None]]


@pytest.fixture
async def base(engine: AsyncEngine) -> int:
    return await EventLog(engine).head()


async def test_new_events_get_the_next_positions_in_the_order_sent(engine: AsyncEngine, base: int) -> None:
    async with CoalescingWriter(engine) as writer:
        outcomes = await writer.append([event("c"), event("a"), event("b")])
    assert outcomes == [Appended(base + 1), Appended(base + 2), Appended(base + 3)]
    assert [stored.id for stored in await EventLog(engine).read_after(base, 10)] == ["c", "a", "b"]


async def test_the_trace_context_is_stored_and_not_compared(engine: AsyncEngine, base: int) -> None:
    def traced(event_id: str, traceparent: str | None, **members: str) -> AcceptedEvent:
        return accept_text(text_of(whole_event(id=event_id, traceparent=traceparent, **members)))

    async with CoalescingWriter(engine) as writer:
        first = await writer.append([traced("a", "00-1"), traced("a", "00-2"), traced("a", None), traced("b", None)])
        again = await writer.append(
            [traced("a", "00-3"), traced("b", "00-4"), traced("a", "00-1"), traced("a", "00-3", sequence="18")]
        )
    assert first == [Appended(base + 1), AlreadyAppended(base + 1), AlreadyAppended(base + 1), Appended(base + 2)]
    assert again == [
        AlreadyAppended(base + 1),
        AlreadyAppended(base + 2),
        AlreadyAppended(base + 1),
        Conflict(base + 1),
    ]
    stored = await EventLog(engine).read_after(base, 10)
    assert [json.loads(each.text).get("traceparent") for each in stored] == ["00-1", None]


@pytest.mark.parametrize("context", [CoalescingWriter, BulkLoader])
async def test_what_is_stored_already_is_told_by_its_first_position(
    engine: AsyncEngine, base: int, context: type[CoalescingWriter | BulkLoader]
) -> None:
    async with context(engine) as writer:
        await writer.append([event("a"), event("b")])
        outcomes = await writer.append([event("b"), event("c"), event("a", content="another")])
    assert outcomes == [AlreadyAppended(base + 2), Appended(base + 3), Conflict(base + 1)]
    assert await EventLog(engine).head() == base + 3


async def test_events_of_one_batch_meet_as_events_of_two_would(engine: AsyncEngine, base: int) -> None:
    async with CoalescingWriter(engine) as writer:
        outcomes = await writer.append([event("a"), event("a"), event("a", content="another"), event("b")])
    assert outcomes == [Appended(base + 1), AlreadyAppended(base + 1), Conflict(base + 1), Appended(base + 2)]


async def test_an_id_is_one_sources_own(engine: AsyncEngine, base: int) -> None:
    async with CoalescingWriter(engine) as writer:
        outcomes = await writer.append([event("a", source="/one"), event("a", source="/two")])
    assert outcomes == [Appended(base + 1), Appended(base + 2)]


async def test_what_is_stored_is_the_text_that_was_accepted(engine: AsyncEngine, base: int) -> None:
    sent = event("a", content="Đỗ Thị Ỷ \\ \" 'quoted' \U0001f4dc")
    async with CoalescingWriter(engine) as writer:
        await writer.append([sent])
    (stored,) = await EventLog(engine).read_after(base, 10)
    assert stored.text == sent.text
    assert (stored.source, stored.id, stored.subject, stored.type) == (sent.source, sent.id, sent.case_id, sent.type)


async def test_a_call_larger_than_a_batch_keeps_its_order(engine: AsyncEngine, base: int) -> None:
    async with CoalescingWriter(engine, batch_max=7) as writer:
        outcomes = await asyncio.gather(
            *(writer.append([event(f"{call}-{place}") for place in range(50)]) for call in range(4))
        )
    assert sorted(outcome.position for call in outcomes for outcome in call if isinstance(outcome, Appended)) == list(
        range(base + 1, base + 201)
    )
    for call in outcomes:
        positions = [outcome.position for outcome in call if isinstance(outcome, Appended)]
        assert positions == sorted(positions)


async def test_many_callers_share_few_transactions(engine: AsyncEngine, base: int) -> None:
    async with CoalescingWriter(engine) as writer:
        await asyncio.gather(*(writer.append([event(str(number))]) for number in range(200)))
    instants = {stored.ingested_at for stored in await EventLog(engine).read_after(base, 500)}
    assert len(instants) < 20


async def test_nothing_sent_is_nothing_done(engine: AsyncEngine) -> None:
    async with CoalescingWriter(engine) as writer:
        assert await writer.append([]) == []


async def test_directory_facts_stand_in_the_same_log(engine: AsyncEngine, base: int) -> None:
    fact = directory_event(UnitRule(id="H34.20", name="Chi nhánh"), at=AT)
    async with CoalescingWriter(engine) as writer:
        await writer.append([event("a")])
        assert await writer.append_directory([fact]) == [Appended(base + 2)]
        assert await writer.append_directory([fact]) == [AlreadyAppended(base + 2)]
    (read,) = await EventLog(engine).directory_facts(after=base)
    assert read.position == base + 2
    assert read.definition == UnitRule(id="H34.20", name="Chi nhánh")


async def test_a_directory_fact_that_could_not_be_read_back_is_not_stored(engine: AsyncEngine, base: int) -> None:
    fact = directory_event(UnitRule(id="H34.20"), at=AT)
    async with CoalescingWriter(engine) as writer:
        with pytest.raises(UnknownDirectoryTypeError):
            await writer.append_directory([{**fact, "type": "vn.tiendo.directory.planet-defined.v1"}])
        with pytest.raises(ValidationError):
            await writer.append_directory([{**fact, "data": {"id": "H34.20", "colour": "red"}}])
    assert await EventLog(engine).head() == base


async def test_an_event_that_the_database_refuses_takes_no_other_with_it(engine: AsyncEngine, base: int) -> None:
    bad = [case_candidate(event(name)) for name in ("a", "b", "c")]
    bad[1] = replace(bad[1], text="\x00")
    async with appender.Appender(engine) as writer:
        first, second, third = await writer.append(bad)
    assert (first, third) == (Appended(base + 1), Appended(base + 2))
    assert isinstance(second, Unstorable)


async def test_the_clock_of_another_log_dates_no_event_of_ours(engine: AsyncEngine) -> None:
    ahead = FollowedEvent(
        log_id=uuid4(),
        position=1,
        source="/other",
        id="e-1",
        subject="HS-other",
        shard=0,
        type="vn.tiendo.case.received.v1",
        ingested_at=datetime.now(UTC) + timedelta(minutes=3),
        digest=bytes(32),
        text="{}",
    )
    async with engine.begin() as connection:
        await append_followed(connection, [ahead])
    async with CoalescingWriter(engine) as writer:
        (outcome,) = await writer.append([event("a")])
    assert isinstance(outcome, Appended)
    (own,) = await EventLog(engine).read_after(outcome.position - 1, limit=1)
    assert own.ingested_at < ahead.ingested_at


async def test_a_commit_whose_answer_was_lost_is_found_again(
    engine: AsyncEngine, base: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit: Commit = appending._commit
    answers = iter([False, False, True])

    async def cut_off_after(connection: asyncpg.Connection) -> None:
        await commit(connection)
        if not next(answers):
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    monkeypatch.setattr(appending, "_commit", cut_off_after)
    async with CoalescingWriter(engine) as writer:
        outcomes = await writer.append([event("a"), event("a"), event("b")])
    assert outcomes == [Appended(base + 1), AlreadyAppended(base + 1), Appended(base + 2)]
    assert await EventLog(engine).head() == base + 2


async def test_a_commit_that_never_came_about_is_made_again(
    engine: AsyncEngine, base: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit: Commit = appending._commit
    answers = iter([False, True])

    async def cut_off_before(connection: asyncpg.Connection) -> None:
        if next(answers):
            await commit(connection)
        else:
            connection.terminate()
            raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    monkeypatch.setattr(appending, "_commit", cut_off_before)
    async with CoalescingWriter(engine) as writer:
        assert await writer.append([event("a")]) == [Appended(base + 1)]


async def test_what_another_wrote_meanwhile_is_not_claimed(
    engine: AsyncEngine, base: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit: Commit = appending._commit
    answers = iter([False, True, True])

    async def another_is_quicker(connection: asyncpg.Connection) -> None:
        if next(answers):
            await commit(connection)
            return
        connection.terminate()
        async with BulkLoader(engine) as other:
            assert await other.append([event("a")]) == [Appended(base + 1)]
        raise asyncpg.ConnectionDoesNotExistError("connection was closed in the middle of operation")

    monkeypatch.setattr(appending, "_commit", another_is_quicker)
    async with CoalescingWriter(engine) as writer:
        assert await writer.append([event("a")]) == [AlreadyAppended(base + 1)]


async def test_a_transaction_that_was_rolled_back_is_not_taken_for_a_commit(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        await driver.execute("BEGIN")
        with pytest.raises(asyncpg.DivisionByZeroError):
            await driver.execute("SELECT 1 / 0")
        with pytest.raises(asyncpg.InternalClientError, match="ROLLBACK"):
            await appending._commit(driver)


async def test_a_writer_goes_on_after_its_connection_was_cut(
    engine: AsyncEngine, owner_engine: AsyncEngine, base: int
) -> None:
    async with CoalescingWriter(engine) as writer:
        await writer.append([event("a")])
        async with owner_engine.connect() as connection:
            cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
            await connection.execute(text(f"{cut} AND datname = current_database()"))
        assert await writer.append([event("b")]) == [Appended(base + 2)]


async def test_a_writer_that_freezes_in_the_middle_of_its_transaction_does_not_stop_the_others(
    engine: AsyncEngine, base: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    frozen, thawed = asyncio.Event(), asyncio.Event()
    commit: Commit = appending._commit

    async def freeze(connection: asyncpg.Connection) -> None:
        if not frozen.is_set():
            await connection.execute("SET LOCAL idle_in_transaction_session_timeout = '100ms'")
            frozen.set()
            await thawed.wait()
        await commit(connection)

    monkeypatch.setattr(appending, "_commit", freeze)
    async with CoalescingWriter(engine) as first, CoalescingWriter(engine) as second:
        waiting = asyncio.create_task(first.append([event("a"), event("b")]))
        await frozen.wait()
        assert await second.append([event("b")]) == [Appended(base + 1)]
        thawed.set()
        assert await waiting == [Appended(base + 2), AlreadyAppended(base + 1)]


async def test_while_the_database_is_away_everyone_is_told_so_and_nothing_is_claimed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(appender, "_PAUSES_SECONDS", (0.0, 0.01))
    away = engine_of("postgresql+asyncpg://tiendo@/tiendo?host=/nowhere")
    async with CoalescingWriter(away) as writer:
        answers = await asyncio.gather(
            *(writer.append([event(str(number))]) for number in range(20)), return_exceptions=True
        )
    assert {type(answer) for answer in answers} == {LogUnavailable}
    with pytest.raises(LogUnavailable):
        await EventLog(away).head()


async def test_a_database_that_may_not_be_written_is_away(database_url: str, owner_engine: AsyncEngine) -> None:
    async with owner_engine.begin() as connection:
        await connection.execute(text("REVOKE EXECUTE ON FUNCTION tiendo.append_events FROM tiendo_ingest"))
    ingest = service_engine(database_url, DatabaseRole.INGEST)
    async with CoalescingWriter(ingest) as writer:
        with pytest.raises(LogUnavailable, match="does not take the append"):
            await writer.append([event("a")])
    await ingest.dispose()


async def test_more_than_the_writer_may_hold_is_refused_and_the_rest_is_written(
    engine: AsyncEngine, owner_engine: AsyncEngine, base: int
) -> None:
    async with CoalescingWriter(engine, pending_max=10) as writer:
        async with owner_engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({APPEND.key})"))
            waiting = [asyncio.create_task(writer.append([event(str(number)) for number in range(8)]))]
            await until(lambda: writer.pending_events == 8)
            with pytest.raises(WriterOverloaded, match="8 events wait to be written, of at most 10"):
                await writer.append([event("x"), event("y"), event("z")])
            waiting.append(asyncio.create_task(writer.append([event("x"), event("y")])))
            await until(lambda: writer.pending_events == 10)
        assert await waiting[0] == [Appended(base + place) for place in range(1, 9)]
        assert await waiting[1] == [Appended(base + 9), Appended(base + 10)]
    assert writer.pending_events == 0


async def test_the_texts_of_what_waits_are_bounded_too(engine: AsyncEngine, owner_engine: AsyncEngine) -> None:
    first, second = event("a"), event("b")
    length = len(first.text) + len(second.text)
    async with CoalescingWriter(engine, pending_characters_max=length) as writer:
        async with owner_engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({APPEND.key})"))
            waiting = asyncio.create_task(writer.append([first, second]))
            await until(lambda: writer.pending_events == 2)
            with pytest.raises(WriterOverloaded, match=f"{length} characters wait to be written, of at most"):
                await writer.append([event("c")])
        assert len(await waiting) == 2


async def test_a_call_that_could_never_be_held_is_taken_when_nothing_waits(engine: AsyncEngine) -> None:
    async with CoalescingWriter(engine, pending_max=10) as writer:
        assert len(await writer.append([event(str(number)) for number in range(30)])) == 30


async def test_closing_writes_what_waits(engine: AsyncEngine, owner_engine: AsyncEngine, base: int) -> None:
    async with CoalescingWriter(engine, batch_max=5) as writer, owner_engine.begin() as connection:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({APPEND.key})"))
        tasks = [asyncio.create_task(writer.append([event(f"{call}-{n}") for n in range(4)])) for call in range(20)]
        await until(lambda: writer.pending_events == 80)
    assert sum(len(outcomes) for outcomes in await asyncio.gather(*tasks)) == 80
    assert await EventLog(engine).head() == base + 80
    with pytest.raises(LogUnavailable, match="closed"):
        await writer.append([event("late")])


async def test_closing_does_not_wait_for_ever(
    engine: AsyncEngine, owner_engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tiendo_event_store.appending.writer._CLOSING_SECONDS", 0.1)
    async with owner_engine.begin() as connection:
        await connection.execute(text(f"SELECT pg_advisory_xact_lock({APPEND.key})"))
        async with CoalescingWriter(engine) as writer:
            task = asyncio.create_task(writer.append([event("a")]))
            await until(lambda: writer.pending_events == 1)
        with pytest.raises(LogUnavailable, match="closed"):
            await task


async def test_a_caller_who_gives_up_leaves_the_others_alone(
    engine: AsyncEngine, owner_engine: AsyncEngine, base: int
) -> None:
    async with CoalescingWriter(engine, batch_max=1) as writer:
        async with owner_engine.begin() as connection:
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({APPEND.key})"))
            first = asyncio.create_task(writer.append([event("a")]))
            given_up = asyncio.create_task(writer.append([event("b")]))
            last = asyncio.create_task(writer.append([event("c")]))
            await until(lambda: writer.pending_events == 3)
            given_up.cancel()
            await asyncio.gather(given_up, return_exceptions=True)
        assert await first == [Appended(base + 1)]
        assert await last == [Appended(base + 2)]


@pytest.mark.parametrize(("ahead", "kept"), [(timedelta(minutes=2), True), (timedelta(hours=2), False)])
async def test_the_instant_of_ingest_bridges_a_small_step_back_of_the_clock_but_no_wrong_clock(
    engine: AsyncEngine, base: int, owner_engine: AsyncEngine, ahead: timedelta, *, kept: bool
) -> None:
    async with owner_engine.begin() as connection:
        into = "INSERT INTO tiendo.events (position, source, id, subject, type, shard, ingested_at, digest, text)"
        rows = "SELECT position + 1, source, 'other', subject, type, shard, clock_timestamp() + :ahead, digest, text FROM tiendo.events WHERE position = :base"
        await connection.execute(text(f"{into} {rows}"), {"ahead": ahead, "base": base})
    async with CoalescingWriter(engine) as writer:
        await writer.append([event("a")])
    before, after = await EventLog(engine).read_after(base, 10)
    assert (after.ingested_at == before.ingested_at) is kept
    assert (after.ingested_at < before.ingested_at) is not kept
