"""A case that cannot be folded is marked with the cause, and keeps no other from being shown."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.conftest import rebuild_as_projectors_do, running_projector
from tests.projector.logs import (
    SOURCE,
    STARTED_AT,
    address_of,
    event_text,
    followed_to_the_end,
    received_text,
    rows_of,
    send,
)
from tests.waiting import until

from tiendo_contracts.shards import shard_of
from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog
from tiendo_projector import rebuild
from tiendo_read_models import folding
from tiendo_read_models.rows import CaseRows
from tiendo_read_models.status import faulty_cases, projection_status
from tiendo_read_models.tables import CASE

POISON = "this is no event"


async def put_raw(engine: AsyncEngine, case_id: str, event_text: str) -> None:
    """Append a text that ingest would never have accepted, as a fault of another version might have."""
    statement = text("""
        INSERT INTO tiendo.events
            (position, source, id, subject, type, shard, ingested_at, digest, text)
        SELECT max(position) + 1, :source, :id, :case_id, 'vn.tiendo.case.completed.v1', :shard, now(), :digest, :text
        FROM tiendo.events
    """)
    values: dict[str, Any] = {"source": SOURCE, "id": f"poison-{case_id}", "case_id": case_id, "digest": bytes(32)}
    async with engine.begin() as connection:
        await connection.execute(statement, {**values, "shard": shard_of(case_id), "text": event_text})


async def test_a_poisoned_case_is_marked_and_the_others_go_on(
    engine: AsyncEngine, projector: asyncio.Task[None]
) -> None:
    await send(engine, [received_text("HS-1"), received_text("BAD")])
    await put_raw(engine, "BAD", POISON)
    await send(engine, [received_text("HS-2")])
    await until(lambda: followed_to_the_end(engine))
    assert await rows_of(engine, "cases", "case_id") == [("HS-1",), ("HS-2",)]
    (fault,) = await faulty_cases(engine)
    assert fault.case_id == "BAD"
    assert fault.event_count == 2
    assert fault.cause.startswith("the event poison-BAD of /test/one-stop cannot be read: DecodeError")
    assert (await projection_status(engine)).faults == 1
    assert not projector.done()


async def test_a_poisoned_case_has_no_rows_that_lack_its_last_event(engine: AsyncEngine) -> None:
    await send(engine, [received_text("BAD")])
    async with running_projector(address_of(engine)):
        await until(lambda: followed_to_the_end(engine))
        assert await rows_of(engine, "cases", "case_id") == [("BAD",)]
        await put_raw(engine, "BAD", POISON)
        await until(lambda: followed_to_the_end(engine))
    for table in ("cases", "holds", "attributions"):
        assert await rows_of(engine, table, "case_id") == []


async def test_a_fault_is_tried_again_with_further_events(
    engine: AsyncEngine, projector: asyncio.Task[None], monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, "BAD")
    await send(engine, [received_text("BAD"), received_text("HS-1")])
    await until(lambda: followed_to_the_end(engine))
    assert [fault.case_id for fault in await faulty_cases(engine)] == ["BAD"]
    monkeypatch.undo()
    await send(engine, [event_text("BAD", "BAD-1", "completed", _later())])
    await until(lambda: followed_to_the_end(engine))
    assert await faulty_cases(engine) == []
    assert await rows_of(engine, "cases", "case_id") == [("BAD",), ("HS-1",)]
    assert not projector.done()


async def test_a_fault_is_tried_again_by_a_projector_that_starts(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail_at(monkeypatch, "BAD")
    await send(engine, [received_text("BAD")])
    await rebuild_as_projectors_do(engine)
    assert len(await faulty_cases(engine)) == 1
    monkeypatch.undo()
    async with running_projector(address_of(engine)):
        await until(lambda: _no_faults(engine))
    assert await rows_of(engine, "cases", "case_id") == [("BAD",)]


async def test_a_fault_is_tried_again_by_a_rebuild(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    fail_at(monkeypatch, "BAD")
    await send(engine, [received_text("BAD")])
    await rebuild(engine, processes=1)
    monkeypatch.undo()
    await rebuild(engine, processes=1)
    assert await faulty_cases(engine) == []


@pytest.mark.parametrize("several", [False, True])
async def test_rows_that_the_database_does_not_take_are_a_fault_of_their_case_alone(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch, *, several: bool
) -> None:
    real = folding.case_rows

    def too_large(*arguments: Any) -> CaseRows:
        rows = real(*arguments)
        if rows.case_id.startswith("BAD"):
            return _with_late_entry(rows, 2**63 if rows.case_id == "BAD-1" else "no number")
        return rows

    monkeypatch.setattr(folding, "case_rows", too_large)
    good = [received_text(f"HS-{number}") for number in range(20)]
    bad = [received_text(f"BAD-{number}") for number in range(3 if several else 1)]
    await send(engine, [*good[:10], *bad, *good[10:]])
    await rebuild_as_projectors_do(engine)
    assert len(await rows_of(engine, "cases", "case_id")) == 20
    assert len(await faulty_cases(engine)) == len(bad)
    async with running_projector(address_of(engine)):
        await send(engine, [event_text("HS-3", "HS-3-1", "completed", _later()), received_text("BAD-9")])
        await until(lambda: followed_to_the_end(engine))
    assert len(await faulty_cases(engine)) == len(bad) + 1


async def test_a_fault_of_rows_is_told_under_every_code_of_the_case(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = folding.case_rows
    monkeypatch.setattr(folding, "case_rows", lambda *arguments: _with_late_entry(real(*arguments), "no number"))
    await send(engine, [received_text("A"), event_text("B", "B-1", "joined", STARTED_AT, alias="A")])
    await rebuild(engine, processes=1)
    assert [fault.case_id for fault in await faulty_cases(engine)] == ["A", "B"]


async def test_which_unreadable_event_is_named_does_not_depend_on_their_order(engine: AsyncEngine) -> None:
    await send(engine, [received_text("HS-1")])
    await put_raw(engine, "HS-1", "{}")
    stored = await EventLog(engine).read_case("HS-1")
    broken = [stored[1], *stored]
    folded = [folding.fold_group(["HS-1"], order, lambda _: RuleBook.fold([])) for order in (broken, broken[::-1])]
    assert {fault.cause for group in folded for fault in group.faults} == {
        "the event poison-HS-1 of /test/one-stop cannot be read: ValidationError: Object missing required field `type`"
    }


def fail_at(monkeypatch: pytest.MonkeyPatch, case_id: str) -> None:
    """Let the timeline of one case fail, as a fault of the program would."""
    real = folding.timeline_of

    def failing(case: Any, *args: Any, **named: Any) -> Any:
        if case.case_id == case_id:
            raise ZeroDivisionError("a fault of the program")
        return real(case, *args, **named)

    monkeypatch.setattr(folding, "timeline_of", failing)


def _with_late_entry(rows: CaseRows, minutes: object) -> CaseRows:
    place = CASE.names.index("late_entry_minutes")
    return replace(rows, case=(*rows.case[:place], minutes, *rows.case[place + 1 :]))


def _later() -> datetime:
    return STARTED_AT + timedelta(days=1)


async def _no_faults(engine: AsyncEngine) -> bool:
    return await followed_to_the_end(engine) and await faulty_cases(engine) == []


def test_a_cause_is_one_line_of_bounded_length() -> None:
    cause = folding.cause_of(ValueError("a\nb\x00" + "c" * 2000))
    assert cause.startswith("ValueError: a b")
    assert len(cause) <= 500
    json.dumps(cause).encode("ascii")
