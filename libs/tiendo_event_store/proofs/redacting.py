"""Redaction: the text of named members of an event is taken out of the log, and a fact of the log says that it was."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.events.event_types import TYPE_PREFIX
from tiendo_contracts.events.house_facts import house_event
from tiendo_contracts.proofs.leaves import canonical_event, commitment
from tiendo_contracts.texts.canonical_json import digest
from tiendo_event_store import EventLog
from tiendo_event_store.appending.appender import Appender
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.errors import RedactionRefused
from tiendo_event_store.faults import unavailable_when_unreachable
from tiendo_event_store.outcomes import Appended
from tiendo_event_store.proofs.log_facts import REDACTED
from tiendo_event_store.stored import house_candidate

PLACEHOLDER: Final = "[redacted]"
REASON: Final = "data.reason"
TEXT: Final = "data.text"
MEMBERS: Final = (REASON, TEXT)
"""What can be redacted: no figure rests on either, but `reason` of an explanation, which is a code and no text."""

_ATTEMPTS: Final = 3
_ROW: Final = "SELECT type, text, salt, commitment, redacted FROM tiendo.events WHERE position = $1"
_REDACT: Final = "SELECT tiendo.redact_event($1, $2, $3, $4)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacting:
    """What an event becomes: the text that was read of it, its new one, the members that are redacted by then, and the commitment that stays."""

    position: int
    members: Sequence[str]
    read: str
    text: str
    commitment: bytes

    def fact(self, log_id: str, *, reason: str, entered_by: str, at: datetime) -> dict[str, Any]:
        """The fact that says so."""
        data = {
            "position": self.position,
            "members": list(self.members),
            "reason": reason,
            "entered_by": entered_by,
            "redacted_digest": digest(json.loads(self.text)).hex(),
        }
        return house_event(REDACTED, log_id, data, at=at)


async def redact(
    engine: AsyncEngine, position: int, members: Sequence[str], *, reason: str, entered_by: str, at: datetime
) -> int:
    """The position of the fact that says that these members of the event at `position` are redacted, which they are from now on.

    The engine is of the database's owner. Raises RedactionRefused, and LogUnavailable.
    """
    log_id = str(await EventLog(engine).log_id())
    for _ in range(_ATTEMPTS):
        with unavailable_when_unreachable():
            async with lent_driver(engine) as driver:
                row = await driver.fetchrow(_ROW, position)
        made = redacting(position, None if row is None else dict(row), members)
        try:
            place = await _append(engine, made, made.fact(log_id, reason=reason, entered_by=entered_by, at=at))
        except _ChangedMeanwhileError:
            continue
        await _vacuum(engine)
        return place
    raise RedactionRefused(f"the event at position {position} is being redacted by others; try again")


class _ChangedMeanwhileError(Exception):
    """Somebody else has redacted something of the event since it was read."""


async def _append(engine: AsyncEngine, made: Redacting, fact: dict[str, Any]) -> int:
    """The position of the fact, which stands in the log from now on, with the event as it says. Raises _ChangedMeanwhileError."""

    async def beside(driver: asyncpg.Connection) -> None:
        row = await driver.fetchrow(_ROW, made.position)
        if row is None or row["text"] != made.read:
            raise _ChangedMeanwhileError
        await driver.execute(_REDACT, made.position, made.members, made.text, made.commitment)

    async with Appender(engine) as appender:
        [outcome] = await appender.append([house_candidate(fact)], beside=beside)
    assert isinstance(outcome, Appended)  # noqa: S101 - its instant is of this moment
    return outcome.position


async def _vacuum(engine: AsyncEngine) -> None:
    """Let the database forget the row as it was."""
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        await connection.execute(text("VACUUM tiendo.events"))


def redacting(position: int, row: Mapping[str, Any] | None, members: Sequence[str]) -> Redacting:
    """What the event of the row becomes, None being no row: type, text, salt, commitment, redacted. Raises RedactionRefused."""
    if row is None:
        raise RedactionRefused(f"there is no event at position {position}")
    event = json.loads(row["text"])
    if not isinstance(event.get("data"), dict):
        raise RedactionRefused(f"the event at position {position} has no data")
    before = list(row["redacted"] or ())
    new = [member for member in dict.fromkeys(members) if member not in before]
    for member in new:
        _refuse_other(position, row["type"], event["data"], member)
    if not new:
        raise RedactionRefused(f"{' and '.join(members)} of the event at position {position} is redacted already")
    for member in new:
        event["data"][member.removeprefix("data.")] = PLACEHOLDER
    kept = row["commitment"]
    if row["salt"] is not None:
        kept = commitment(row["salt"], canonical_event(row["type"], row["text"]))
    written = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    return Redacting(position=position, members=[*before, *new], read=row["text"], text=written, commitment=kept)


def _refuse_other(position: int, event_type: str, data: Mapping[str, Any], member: str) -> None:
    if member not in MEMBERS or (member == REASON and not event_type.startswith(TYPE_PREFIX)):
        raise RedactionRefused(
            f"{member} of {event_type} cannot be redacted: only {REASON} of events of cases and {TEXT} can, for no minute rests on them"
        )
    if not isinstance(data.get(member.removeprefix("data.")), str):
        raise RedactionRefused(f"the event at position {position} has no text in {member}")
