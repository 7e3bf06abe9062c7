"""Facts of publications and others of the house, put into a log."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.house_facts import house_event
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.stored import house_candidate

AT = datetime(2026, 11, 30, 8, tzinfo=UTC)


async def append_facts(engine: AsyncEngine, *facts: tuple[str, str, Mapping[str, Any]]) -> Sequence[dict[str, Any]]:
    """The facts, each by type, subject and data, as they stand in the log now."""
    events = [house_event(kind, subject, data, at=AT) for kind, subject, data in facts]
    async with Appender(engine) as appender:
        for event in events:
            await appender.append([house_candidate(event)])
    return events


def publication(unit: str, step: str = "published", *, version: int = 1) -> tuple[str, str, Mapping[str, Any]]:
    """A step of a unit's list."""
    data = {"unit": unit, "period": "2022-08", "version": version, "digest": "00" * 32}
    return (f"vn.tiendo.publication.{step}.v1", f"{unit}-2022-08", data)
