"""Reading the log: by position, by case, by shard, as it was known at an instant."""

import hashlib
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.event_store.events import event

from tiendo_contracts.directory import directory_event
from tiendo_contracts.events.case_events import AcceptedEvent, accept_text
from tiendo_contracts.shards import SHARD_COUNT, shard_of
from tiendo_domain.rules import UnitRule
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_event_store.driver import driver_of
from tiendo_event_store.followed.followed_appending import FollowedEvent, append_followed
from tiendo_event_store.reading.seen_log import SeenLog
from tiendo_migrations.defaults import STATED_AT


def joined_event(event_id: str, code: str, alias: str) -> AcceptedEvent:
    """The event that says that the case of one code has another."""
    members = {
        "specversion": "1.0",
        "id": event_id,
        "source": "/s",
        "type": "vn.tiendo.case.joined.v1",
        "subject": code,
    }
    return accept_text(json.dumps(members | {"time": "2022-08-15T08:05:00+07:00", "data": {"alias": alias}}))


@pytest.fixture
async def log(engine: AsyncEngine) -> EventLog:
    return EventLog(engine)


@pytest.fixture
async def base(log: EventLog) -> int:
    return await log.head()


@pytest.fixture
async def writer(engine: AsyncEngine) -> AsyncIterator[CoalescingWriter]:
    async with CoalescingWriter(engine) as writer:
        yield writer


async def test_reading_on_from_a_position_gives_what_follows_and_nothing_else(
    log: EventLog, writer: CoalescingWriter, base: int
) -> None:
    await writer.append([event(str(number)) for number in range(5)])
    assert [stored.id for stored in await log.read_after(base + 1, 3)] == ["1", "2", "3"]
    assert [stored.id for stored in await log.read_after(base, 10, up_to=base + 2)] == ["0", "1"]
    assert await log.read_after(base + 5, 3) == []
    assert await log.read_after(base + 500, 3) == []
    assert await log.head() == base + 5


async def test_a_shard_reads_its_cases_and_all_directory_facts(
    log: EventLog, writer: CoalescingWriter, base: int
) -> None:
    sent = [event(str(number), case_id=f"case-{number}") for number in range(40)]
    await writer.append(sent)
    await writer.append_directory([directory_event(UnitRule(id="H34.20"), at=STATED_AT)])
    read = await log.read_after(base, 100, shards={3, 7})
    expected = [one.id for one in sent if shard_of(one.case_id) in {3, 7}]
    assert [stored.id for stored in read[:-1]] == expected
    assert read[-1].shard is None
    assert all(stored.shard == shard_of(stored.subject) for stored in read[:-1])


async def test_a_case_is_read_by_position_and_as_it_was_known(log: EventLog, writer: CoalescingWriter) -> None:
    await writer.append([event("1", case_id="A"), event("2", case_id="B")])
    await writer.append([event("3", case_id="A")])
    first, second = await log.read_case("A")
    assert (first.id, second.id) == ("1", "3")
    assert [stored.id for stored in await log.read_case("A", known_at=first.ingested_at)] == ["1"]
    assert await log.read_case("C") == []


async def test_a_directory_fact_is_no_event_of_a_case_of_its_name(log: EventLog, writer: CoalescingWriter) -> None:
    await writer.append_directory([directory_event(UnitRule(id="H34.20"), at=STATED_AT)])
    assert await log.read_case("H34.20") == []


async def groups(log: EventLog, *codes: str, up_to: int | None = None) -> list[tuple[list[str], list[str]]]:
    """The codes and events of each group."""
    read = await log.read_groups(codes, up_to=up_to)
    return [(sorted(group.codes), [stored.id for stored in group.events]) for group in read]


async def test_many_cases_are_read_at_once(log: EventLog, writer: CoalescingWriter) -> None:
    await writer.append([event("1", case_id="A"), event("2", case_id="B"), event("3", case_id="A")])
    assert await groups(log, "B", "A", "C") == [(["B"], ["2"]), (["A"], ["1", "3"])]
    assert await groups(log) == []


async def test_codes_that_were_ever_joined_are_read_together(
    log: EventLog, writer: CoalescingWriter, base: int
) -> None:
    await writer.append([event("1", case_id="A"), event("2", case_id="B"), event("3", case_id="C")])
    await writer.append([joined_event("4", "B", "C"), joined_event("5", "A", "C"), event("6", case_id="A")])
    chain = ["A", "B", "C"]
    for code in chain:
        assert await groups(log, code) == [(chain, ["1", "2", "3", "4", "5", "6"])]
    assert await groups(log, "C", "A", "B") == [(chain, ["1", "2", "3", "4", "5", "6"])]
    assert await groups(log, "A", "B", up_to=base + 4) == [(["A"], ["1"]), (["B", "C"], ["2", "3", "4"])]


async def test_directory_facts_are_read_up_to_a_position_and_as_they_were_known(
    log: EventLog, writer: CoalescingWriter, base: int
) -> None:
    for name in ("one", "two"):
        await writer.append_directory([directory_event(UnitRule(id="H34.20", name=name), at=STATED_AT)])
    first, second = await log.directory_facts(after=base)
    assert [fact.position for fact in (first, second)] == [base + 1, base + 2]
    assert await log.directory_facts(after=base, up_to=base + 1) == [first]
    assert await log.directory_facts(after=base, known_at=first.ingested_at) == [first]
    assert [fact.position for fact in await log.directory_facts()] == list(range(1, base + 3))


async def test_a_case_id_may_be_any_text_that_the_contract_allows(log: EventLog, writer: CoalescingWriter) -> None:
    case_id = "hồ sơ/№ 1 % ' \" \\ \U0001f4dc"
    await writer.append([event("1", case_id=case_id)])
    (stored,) = await log.read_case(case_id)
    assert stored.subject == case_id


async def test_ids_that_look_the_same_are_told_apart_by_code_point(log: EventLog, writer: CoalescingWriter) -> None:
    composed, decomposed = "H\u1ed3", "Ho\u0302\u0300"
    await writer.append([event(composed, case_id=composed), event(decomposed, case_id=decomposed)])
    assert [stored.id for stored in await log.read_case(composed)] == [composed]


def test_the_shard_is_the_first_byte_of_the_digest_of_the_case() -> None:
    assert shard_of("hồ sơ 1") == hashlib.sha256("hồ sơ 1".encode()).digest()[0] % 16
    assert {shard_of(str(number)) for number in range(500)} == set(range(16))
    assert SHARD_COUNT == 16


async def test_whoever_sees_a_part_of_the_log_reads_each_entry_as_who_sees_all_of_it(engine: AsyncEngine) -> None:
    log = EventLog(engine)
    base = await log.head()
    followed = FollowedEvent(
        log_id=uuid4(),
        position=1,
        source="/other",
        id="seen-1",
        subject="HS-seen",
        shard=0,
        type="vn.tiendo.case.received.v1",
        ingested_at=datetime(2022, 8, 1, tzinfo=UTC),
        digest=bytes(32),
        text="{}",
    )
    async with engine.begin() as connection:
        await append_followed(connection, [followed])
    expected = await log.entries_after(base, 10)

    async with engine.connect() as connection:
        seen = await SeenLog(await driver_of(connection)).entries_between(["HS-seen"], base, base + 10, 10)

    assert seen == expected
    assert [entry.ingested_at for entry in seen] == [followed.ingested_at]
