"""The access log: each entry rests on the one before, its head stands in the log, and what is changed or cut off is found."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.access_log import (
    AccessEntry,
    AccessKind,
    append_entries,
    check_access_log,
    forget_old,
    is_head_due,
    note_head,
)
from tiendo_event_store.access_log.reading import AskedAccess, entries_before

NOW = datetime.now(UTC).replace(minute=10)


def look(
    subject: str, *, who: str = "person:An", at: datetime = NOW, kind: AccessKind = AccessKind.CASE
) -> AccessEntry:
    return AccessEntry(at=at, who=who, name="Nguyễn Thị Ánh", kind=kind, subject=subject, address="/v1/cases/{case_id}")


async def run(engine: AsyncEngine, statements: str) -> None:
    """What somebody does who may write into every table."""
    async with engine.begin() as connection:
        for statement in statements.split("; "):
            await connection.execute(text(statement))


async def subjects(engine: AsyncEngine, **asked: object) -> list[str]:
    found = await entries_before(engine, AskedAccess(**asked), None, 100)  # type: ignore[arg-type]
    return [entry["subject"] for entry in found]


async def test_a_key_is_noted_once_for_a_case_and_hour_and_a_person_each_time(engine: AsyncEngine) -> None:
    key = {"who": "key-1"}
    later = NOW + timedelta(hours=1)
    await append_entries(engine, [look("A", **key), look("A", **key), look("B", **key), look("A"), look("A")])
    await append_entries(engine, [look("A", **key), look("A", who="key-1", at=later), look("A", who="key-2")])
    await append_entries(engine, [look("key-9", who="key-1", kind=AccessKind.KEY)] * 2)
    assert await subjects(engine, who="key-1") == ["key-9", "key-9", "A", "B", "A"]
    assert await subjects(engine, who="person:An") == ["A", "A"]
    assert await subjects(engine, who="key-1", subject="A", kind=AccessKind.CASE, start=later) == ["A"]
    assert await subjects(engine, end=NOW) == []
    assert (await check_access_log(engine)).fault is None


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        ("UPDATE tiendo.access_log SET text = replace(text, 'B', 'X') WHERE number = 2", "entry 2 is not what"),
        ("UPDATE tiendo.access_log SET subject = 'X' WHERE number = 2", "entry 2: a column"),
        ("UPDATE tiendo.access_log SET who = 'X' WHERE number = 2", "entry 2: a column"),
        ("UPDATE tiendo.access_log SET at = at + interval '1 h' WHERE number = 2", "entry 2: a column"),
        ("UPDATE tiendo.access_log SET hash = sha256('x') WHERE number = 2", "entry 2 is not what"),
        (
            "UPDATE tiendo.access_log SET text = '[]', hash = sha256((SELECT hash FROM tiendo.access_log WHERE number = 3) || '[]') WHERE number = 4",
            "entry 4: a column",
        ),
        ("DELETE FROM tiendo.access_log WHERE number = 2", "entry 2 is missing"),
        ("DELETE FROM tiendo.access_log WHERE number = 1", "entry 1 is missing"),
        ("DELETE FROM tiendo.access_log WHERE number = 4", "entry 4 and those after it are missing"),
        ("DELETE FROM tiendo.access_log", "entry 1 and those after it are missing"),
        ("DELETE FROM tiendo.access_log_start", "the note of where"),
        (
            "DELETE FROM tiendo.access_log WHERE number <= 2; UPDATE tiendo.access_log_start SET number = 2",
            "entry 3 is not what",
        ),
    ],
)
async def test_whatever_is_changed_behind_its_back_is_found(engine: AsyncEngine, edit: str, fault: str) -> None:
    await append_entries(engine, [look(case) for case in "ABCD"])
    await note_head(engine, entered_by="tests")
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE tiendo.access_log DISABLE TRIGGER ALL"))
        for statement in edit.split("; "):
            await connection.execute(text(statement))
    found = (await check_access_log(engine)).fault
    assert found is not None
    assert found.startswith(fault)


async def test_a_chain_made_anew_contradicts_the_head_in_the_log(engine: AsyncEngine) -> None:
    await append_entries(engine, [look(case) for case in "AB"])
    await note_head(engine, entered_by="tests")
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE tiendo.access_log DISABLE TRIGGER ALL"))
        await connection.execute(text("DELETE FROM tiendo.access_log"))
    await append_entries(engine, [look(case) for case in "XY"])
    await note_head(engine, entered_by="somebody who covers it up")
    assert (await check_access_log(engine)).fault == "entry 2 is not the one that the log noted as the head"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE tiendo.access_log SET subject = 'X'",
        "DELETE FROM tiendo.access_log",
        "TRUNCATE tiendo.access_log",
        "SET LOCAL session_replication_role = replica; DELETE FROM tiendo.access_log",
    ],
)
async def test_entries_are_only_added(engine: AsyncEngine, statement: str) -> None:
    await append_entries(engine, [look("A")])
    with pytest.raises(DBAPIError, match="only grows"):
        await run(engine, statement)
    assert await subjects(engine) == ["A"]


async def test_what_is_old_is_dropped_and_the_rest_stands_on_its_noted_hash(engine: AsyncEngine) -> None:
    old = NOW - timedelta(days=800)
    assert await forget_old(engine, 731) == 0
    await append_entries(engine, [look("old", at=old), look("older", at=old - timedelta(days=1)), look("new")])
    await note_head(engine, entered_by="tests")
    assert await forget_old(engine, 1_000) == 0
    assert await forget_old(engine, 731) == 2
    assert await forget_old(engine, 0) == 0
    assert await subjects(engine) == ["new"]
    found = await check_access_log(engine)
    assert (found.first, found.entries, found.fault) == (3, 1, None)
    await append_entries(engine, [look("newer")])
    assert (await check_access_log(engine)).fault is None


async def test_the_head_is_due_a_day_after_the_last_one_if_there_is_anything_new(engine: AsyncEngine) -> None:
    assert not await is_head_due(engine)
    assert await note_head(engine, entered_by="tests") is None
    await append_entries(engine, [look("A")])
    assert await is_head_due(engine)
    assert await note_head(engine, entered_by="tests") == 1
    await append_entries(engine, [look("B")])
    assert not await is_head_due(engine)
