"""From the stored events of a case to its rows: decode, fold, describe. A case that cannot be folded is a fault of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tiendo_contracts.decoding import case_event
from tiendo_domain.facts import CaseEvent
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_read_models.errors import UnreadableEvent
from tiendo_read_models.rows import CaseRows, case_rows, latest_event_at

_CAUSE_LENGTH_MAX = 500


class StoredText(Protocol):
    """What is needed of an event as the log stores it."""

    @property
    def position(self) -> int:
        """Its place in the log."""
        ...

    @property
    def ingested_at(self) -> datetime:
        """When the log took it, UTC."""
        ...

    @property
    def source(self) -> str:
        """Its source."""
        ...

    @property
    def id(self) -> str:
        """Its id, unique within the source."""
        ...

    @property
    def text(self) -> str:
        """The CloudEvent as it was accepted."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class FoldFault:
    """A case whose events could not be folded, and why."""

    case_id: str
    shard: int
    event_count: int
    last_position: int
    cause: str


def decoded(stored: Sequence[StoredText]) -> list[CaseEvent]:
    """The stored texts as facts, in the order given. Raises UnreadableEvent, which names the event."""
    try:
        return [case_event(event.text, position=event.position, ingested_at=event.ingested_at) for event in stored]
    except Exception as error:
        raise _unreadable(stored) from error


def _unreadable(stored: Sequence[StoredText]) -> UnreadableEvent:
    """Of the events that cannot be read the first by source and id, so that the order of delivery does not show."""
    found: list[UnreadableEvent] = []
    for event in stored:
        try:
            case_event(event.text, position=event.position, ingested_at=event.ingested_at)
        except Exception as error:  # noqa: BLE001 - whatever makes it unreadable is named
            found.append(UnreadableEvent(event.source, event.id, f"{type(error).__name__}: {error}"))
    return min(found, key=lambda unreadable: (unreadable.source, unreadable.id))


def fold_case(case_id: str, shard: int, stored: Sequence[StoredText], rules: RuleBook) -> CaseRows | FoldFault:
    """The rows of a case folded at the latest instant of its events; a Fault when that is not possible.

    Any error counts: one poisoned case must never keep the others from being shown, and what went wrong is kept beside its name.
    """
    try:
        events = decoded(stored)
        timeline = case_timeline(events, rules, as_of=latest_event_at(events))
        return case_rows(shard, events, timeline)
    except Exception as error:  # noqa: BLE001 - the fault is recorded against the case, see above
        return FoldFault(
            case_id=case_id,
            shard=shard,
            event_count=len(stored),
            last_position=max(event.position for event in stored),
            cause=cause_of(error),
        )


def cause_of(error: BaseException) -> str:
    """What went wrong, on one line that can be stored and shown."""
    text = str(error) if isinstance(error, UnreadableEvent) else f"{type(error).__name__}: {error}"
    return " ".join(text.replace("\x00", "").encode(errors="replace").decode().split())[:_CAUSE_LENGTH_MAX]
