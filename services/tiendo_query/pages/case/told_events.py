"""The events of a case as its page tells them: what happened and when it was noted, by whom, by what evidence, from which source, and where it is proved."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.explanation.event_words import event_in_words
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.facts import Person, SignedDocument, Step
from tiendo_domain.instants import Instant, Moment
from tiendo_query.pages.showing import moment

EVENTS_SHOWN: Final = 200
_PROOF: Final = "/v1/log/proofs/inclusion?position="


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRow:
    """One event. `recorded` is empty where it was noted when it happened; people and reasons are empty for who may not see names."""

    kind: Words
    occurred: str
    recorded: str
    actor: str
    holder: str
    step: str
    document_number: str
    signed_at: Moment | None
    reason: str
    source: str
    event_id: str
    position: int
    proof: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventRows:
    """The first of the events in the order of the log, and how many there are."""

    shown: Sequence[EventRow]
    count: int


def told_events(events: Sequence[CaseEvent] | None, codes: Collection[str], *, names: bool) -> EventRows:
    """The events told of the case's own codes, by their position; none where the reader sees the case in part.

    What was once told of another code, such as a joining that was annulled, is of a case that the reader perhaps does not see.
    """
    ordered = sorted((event for event in events or () if event.case_id in codes), key=lambda event: event.position)
    return EventRows(shown=[_told(event, names=names) for event in ordered[:EVENTS_SHOWN]], count=len(ordered))


def _told(event: CaseEvent, *, names: bool) -> EventRow:
    fact, recorded = event.fact, event.recorded_at
    document = _document(event)
    step = getattr(fact, "step", None)
    return EventRow(
        kind=event_in_words(fact.kind),
        occurred=moment(event.occurred_at.text),
        recorded=_later(event.occurred_at, recorded),
        actor=_person(getattr(fact, "actor", None) or getattr(fact, "decided_by", None)) if names else "",
        holder=_person(getattr(fact, "holder", None)) if names else "",
        step=(step.name or step.id or "") if isinstance(step, Step) else "",
        document_number="" if document is None else document.document_number or "",
        signed_at=None if document is None else document.signed_at,
        reason=str(getattr(fact, "reason", None) or "") if names else "",
        source=event.source,
        event_id=event.id,
        position=event.position,
        proof=f"{_PROOF}{event.position}",
    )


def _later(occurred: Instant, recorded: Instant | None) -> str:
    """When it was noted, where that was in another minute than it happened (rule T2)."""
    if recorded is None or moment(recorded.text) == moment(occurred.text):
        return ""
    return moment(recorded.text)


def _document(event: CaseEvent) -> SignedDocument | None:
    fact = event.fact
    found = getattr(fact, "evidence", None) or getattr(fact, "apology", None) or getattr(fact, "document", None)
    return found if isinstance(found, SignedDocument) else None


def _person(person: object) -> str:
    """Who it was, as the event says: the name, else the id; of a unit alone its name."""
    if not isinstance(person, Person):
        return ""
    unit = None if person.unit is None else person.unit.name or person.unit.id
    return ", ".join(part for part in (person.name or person.id, unit) if part)
