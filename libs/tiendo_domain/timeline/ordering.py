"""The order of a case's events: by what they say, and of one instant as they fit (rule T1)."""

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from tiendo_domain.facts import (
    Assigned,
    CaseFact,
    ConsultationRequested,
    Forwarded,
    Person,
    Recalled,
    ResultDelivered,
    SentBack,
)
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.course import Course
from tiendo_domain.timeline.parties import Named, named_holder, unit_name
from tiendo_domain.timeline.placed import Placed
from tiendo_domain.timeline_types import PartyKind

_PASSED_ON = Assigned | Forwarded | SentBack | Recalled
# A queue is picked up, not handed back: who names nobody goes before who names a unit, and that before who names an officer.
_NAMING_RANKS = {PartyKind.UNKNOWN: 0, PartyKind.UNIT: 1, PartyKind.OFFICER: 2}


def in_order(counted: Sequence[Placed], rules: RuleBook) -> list[Placed]:
    """The counted events, given by instant and sequence, in the order in which they are taken."""
    if all(one.moment != other.moment for one, other in pairwise(counted)):
        return list(counted)
    course = Course.of(counted, rules)
    ordered: list[Placed] = []
    for _, group in groupby(counted, key=lambda one: one.moment):
        events = list(group)
        for placed in events if len(events) == 1 else _as_they_fit(_by_what_they_say(events, rules), course):
            course.take(placed, fits=course.fits(placed.fact))
            ordered.append(placed)
    return ordered


def _by_what_they_say(events: list[Placed], rules: RuleBook) -> list[Placed]:
    """Events of one instant and sequence by when they were recorded, group of kinds, whom they name, source and id."""

    def place(one: Placed) -> tuple[object, ...]:
        naming = 0
        if isinstance(one.fact, _PASSED_ON):
            naming = _NAMING_RANKS[named_holder(one.fact.holder, rules).party.kind]
        return (one.recorded_at.at, one.rank, naming, one.event.source, one.event.id)

    return sorted(events, key=place)


def _as_they_fit(events: Sequence[Placed], course: Course) -> Iterator[Placed]:
    """The events one by one, each chosen in the state that `course` has then; the caller takes it before it asks for the next."""
    instant = _Instant(events, course.rules)
    for _ in events:
        yield instant.next_in(course)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Alike:
    """What decides whether and when an event of an instant is taken; the first of those that are alike goes before the others."""

    kind: str
    consulted: object
    actor_id: str | None
    holder_id: str | None
    passed_to: str | None


class _Instant:
    """The events of one instant that are still to come."""

    __slots__ = ("_ahead", "_named", "_rules")

    def __init__(self, events: Sequence[Placed], rules: RuleBook) -> None:
        self._rules = rules
        # In rule T1's order; of events that are alike only the first can be next.
        self._ahead: dict[_Alike, deque[tuple[int, Placed]]] = {}
        self._named: Counter[str] = Counter()
        for number, placed in enumerate(events):
            alike = self._alike(placed.fact)
            self._ahead.setdefault(alike, deque()).append((number, placed))
            if alike.holder_id is not None:
                self._named[alike.holder_id] += 1

    def next_in(self, course: Course) -> Placed:
        """The event that is taken next in the state reached; it is no longer to come."""
        firsts = sorted((ahead[0][0], alike) for alike, ahead in self._ahead.items()) if len(self._ahead) > 1 else []
        chosen = self._chosen([alike for _, alike in firsts] or list(self._ahead), course)
        ahead = self._ahead[chosen]
        _, placed = ahead.popleft()
        if not ahead:
            del self._ahead[chosen]
        if chosen.holder_id is not None:
            self._named[chosen.holder_id] -= 1
        return placed

    def _chosen(self, firsts: Sequence[_Alike], course: Course) -> _Alike:
        fitting = [alike for alike in firsts if course.fits(self._ahead[alike][0][1].fact)]
        if not fitting:
            return firsts[0]
        current = course.current
        ready = [alike for alike in fitting if not self._waits(alike, current)]
        if current is not None and current.party.kind is PartyKind.OFFICER:
            for alike in ready:
                if alike.passed_to == current.key:
                    return alike
        return ready[0] if ready else fitting[0]

    def _waits(self, alike: _Alike, current: Named | None) -> bool:
        """Whether another event still to come names the actor as holder, who does not hold the case now: who passes a case on had it."""
        actor = alike.actor_id
        if actor is None or alike.kind == ResultDelivered.kind:
            return False
        if current is not None and current.party.kind is PartyKind.OFFICER and current.party.id == actor:
            return False
        return self._named[actor] > (1 if alike.holder_id == actor else 0)

    def _alike(self, fact: CaseFact) -> _Alike:
        return _Alike(
            kind=fact.kind,
            consulted=unit_name(fact.unit) if isinstance(fact, ConsultationRequested) else None,
            actor_id=self._officer_id(getattr(fact, "actor", None)),
            holder_id=self._officer_id(getattr(fact, "holder", None)),
            passed_to=named_holder(fact.holder, self._rules).key if isinstance(fact, _PASSED_ON) else None,
        )

    def _officer_id(self, person: Person | None) -> str | None:
        return None if person is None or person.id is None else self._rules.officer_id(person.id)
