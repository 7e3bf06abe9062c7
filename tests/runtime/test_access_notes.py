"""Looks cost no request anything, and none is lost when the service stops in order or the database is away for a while."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store.access_log import AccessEntry, AccessKind
from tiendo_event_store.access_log.reading import AskedAccess, entries_before
from tiendo_runtime import access_notes
from tiendo_runtime.access_notes import AccessNotes


def look(subject: str, who: str = "person:An") -> AccessEntry:
    return AccessEntry(
        at=datetime.now(UTC), who=who, name="An", kind=AccessKind.CASE, subject=subject, address="/v1/cases/{case_id}"
    )


async def subjects(engine: AsyncEngine) -> list[str]:
    return [entry["subject"] for entry in await entries_before(engine, AskedAccess(), None, 5_000)]


async def test_what_waits_at_the_end_is_written(engine: AsyncEngine) -> None:
    notes = AccessNotes(engine)
    async with notes.written():
        for number in range(2_500):
            notes.note(look(str(number)))
    assert await subjects(engine) == [str(number) for number in reversed(range(2_500))]


async def test_a_key_is_taken_once_for_a_case_and_hour(engine: AsyncEngine) -> None:
    notes = AccessNotes(engine)
    async with notes.written():
        for _ in range(3):
            notes.note(look("A", "key-1"))
    again = AccessNotes(engine)
    again.note(look("A", "key-1"))
    assert await again.write()
    assert await subjects(engine) == ["A"]


async def test_what_cannot_be_written_stays_and_the_oldest_give_way(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_notes, "WAITING_MAX", 2)
    notes = AccessNotes(engine)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE tiendo.access_log RENAME TO access_log_away"))
    for subject in "ABC":
        notes.note(look(subject))
    assert not await notes.write()
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE tiendo.access_log_away RENAME TO access_log"))
    assert await notes.write()
    assert await subjects(engine) == ["C", "B"]
