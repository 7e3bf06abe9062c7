"""Events with the instants that count on the basis asked for (rule T4), and what is noticed about them."""

from collections.abc import Sequence
from operator import attrgetter
from typing import Final

from msgspec import Struct

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import EXPLANATION_FACTS, ExplanationFact
from tiendo_domain.facts import CaseFact, EventKey
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import AnomalyKind, Basis

# Rule T1: a group a line; commas inside a group are no order.
_GROUPS = (
    ("submitted",),
    ("received",),
    ("resumed", "supplement-received", "payment-received", "consultation-answered"),
    ("worked",),
    ("assigned", "forwarded", "sent-back", "recalled"),
    ("claimed",),
    ("deadline-restated", "deadline-extended"),
    ("consultation-requested", "supplement-requested", "payment-requested", "suspended"),
    ("completed",),
    ("declined",),
    ("withdrawn",),
    ("result-delivered",),
    ("reopened",),
    ("corrected", "joined"),
)
_RANKS = {kind: rank for rank, kinds in enumerate(_GROUPS) for kind in kinds}

Moment = tuple[object, ...]


class Placed(Struct, frozen=True, kw_only=True):
    """An event at its place: `at` is the instant that counts on the basis asked for, `recorded_at` as rule T4 reads it.

    Events of one `moment` are of equal `time` and `sequence`, on basis recorded also of equal `recordedat`: rule T1 takes them as they fit.
    `place` counts from 0 by rule T1.
    """

    event: CaseEvent
    fact: CaseFact
    at: Instant
    recorded_at: Instant
    moment: Moment
    place: int

    @property
    def key(self) -> EventKey:
        """Its idempotency key."""
        return EventKey(source=self.event.source, id=self.event.id)

    @property
    def rank(self) -> int:
        """The rank of its group of kinds (rule T1)."""
        return _RANKS[self.fact.kind]


class PlacedExplanation(Struct, frozen=True, kw_only=True):
    """What is explained or decided, with its place behind all events of the course, of which it is none (rules C, E1)."""

    event: CaseEvent
    fact: ExplanationFact
    place: int

    @property
    def key(self) -> EventKey:
        """Its idempotency key."""
        return EventKey(source=self.event.source, id=self.event.id)


class Finding(Struct, frozen=True, kw_only=True):
    """An anomaly with the events that show it."""

    kind: AnomalyKind
    events: tuple[Placed | PlacedExplanation, ...]


def placed_events(events: Sequence[CaseEvent], basis: Basis) -> list[Placed]:
    """The events of the course by moment, and within one by when they were recorded, group of kinds, source and id.

    That is rule T1 before anything is taken as it fits.
    """
    by_record = basis is Basis.RECORDED
    keyed = []
    for event in events:
        fact = event.fact
        if isinstance(fact, EXPLANATION_FACTS):
            continue
        recorded = recorded_instant(event)
        moment = (recorded.at, *_moment(event)) if by_record else _moment(event)
        rest = (recorded.at, _RANKS[fact.kind], event.source, event.id)
        keyed.append((moment, rest, event, fact, recorded))
    keyed.sort(key=lambda one: one[:2])
    return [
        Placed(
            event=event,
            fact=fact,
            at=recorded if by_record else event.occurred_at,
            recorded_at=recorded,
            moment=moment,
            place=place,
        )
        for place, (moment, _, event, fact, recorded) in enumerate(keyed)
    ]


def placed_explanations(events: Sequence[CaseEvent]) -> list[PlacedExplanation]:
    """What is explained and decided, by rule T1 on basis occurred, whatever basis is asked for (rule E1); behind all other events."""
    said = [(event, event.fact) for event in events if isinstance(event.fact, EXPLANATION_FACTS)]
    said.sort(key=lambda one: (_moment(one[0]), recorded_instant(one[0]).at, one[0].source, one[0].id))
    return [
        PlacedExplanation(event=event, fact=fact, place=len(events) + place) for place, (event, fact) in enumerate(said)
    ]


def _moment(event: CaseEvent) -> Moment:
    return (event.occurred_at.at, -1 if event.sequence is None else event.sequence)


def recorded_instant(event: CaseEvent) -> Instant:
    """When the source recorded the event: equal to its `time` where it does not say, or says earlier (rule T4)."""
    recorded = event.recorded_at
    return event.occurred_at if recorded is None or recorded.at < event.occurred_at.at else recorded


instant_placed: Final = attrgetter("at")
"""The instant of an event that counts on the basis on which it was placed."""

instant_recorded: Final = attrgetter("recorded_at")
"""The instant of an event that counts on basis recorded (rule T4)."""


def instant_of(placed: Placed | None) -> Instant | None:
    """The instant of an event that may not be there."""
    return None if placed is None else placed.at
