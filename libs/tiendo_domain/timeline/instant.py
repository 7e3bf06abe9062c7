"""Events of one instant that are still to come: which of them is taken next (rule T1).

In heaps by what decides it, so that thousands of events of one instant cost little more than as many of different ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import heappop, heappush

from msgspec import Struct, field

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
from tiendo_domain.timeline.parties import named_holder, unit_name
from tiendo_domain.timeline.placed import Placed
from tiendo_domain.timeline_types import PartyKind

PASSED_ON = Assigned | Forwarded | SentBack | Recalled


class _Coming(Struct, frozen=True, kw_only=True):
    """An event that is to come; those of equal `alike` fit the same states.

    `actor_id` is None where it never waits; `passed_to` is the key of the officer to whom it passes the case.
    """

    placed: Placed
    alike: tuple[object, ...]
    actor_id: str | None
    holder_id: str | None
    passed_to: str | None

    @property
    def names_its_actor(self) -> bool:
        """Whether it names its own actor as holder: then it waits for others that do, not for itself."""
        return self.actor_id is not None and self.actor_id == self.holder_id


class _Alike(Struct):
    """The events that fit the same states, by their numbers in rule T1's order: all, those that need not wait, and by actor those that do."""

    fact: CaseFact
    all: list[int] = field(default_factory=list)
    ready: list[int] = field(default_factory=list)
    waiting: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))


class EventsOfInstant:
    """The events of one instant, given in rule T1's order before anything is taken as it fits."""

    def __init__(self, events: Sequence[Placed], rules: RuleBook) -> None:
        self._coming: list[_Coming | None] = [_coming(placed, rules) for placed in events]
        self._first = 0
        self._named: Counter[str] = Counter(one.holder_id for one in self._coming if one and one.holder_id is not None)
        self._alike: dict[tuple[object, ...], _Alike] = {}
        self._by_actor: dict[str, list[int]] = defaultdict(list)
        # Of those that need not wait, and by actor of those that do: the numbers by the officer to whom they pass the case.
        self._passed_to: dict[tuple[str | None, str], list[int]] = defaultdict(list)
        for number, one in enumerate(self._coming):
            if one is not None:
                self._add(number, one)

    def next_in(self, course: Course) -> Placed:
        """The event that is taken next in the state reached; it is no longer to come."""
        number = self._chosen(course)
        one = self._coming[number]
        assert one is not None  # noqa: S101 - what is chosen is still to come
        self._coming[number] = None
        if one.holder_id is not None:
            self._named[one.holder_id] -= 1
            self._release(one.holder_id)
        return one.placed

    def _chosen(self, course: Course) -> int:
        current = course.current
        holds = current is not None and current.party.kind is PartyKind.OFFICER
        actor_id = current.party.id if current is not None and holds else None
        if current is not None and holds:
            # It changes nothing: an event that names the officer who holds the case.
            found = self._least(self._passed_to.get((actor, current.key)) for actor in {None, actor_id})
            if found is not None:
                return found
        fitting = [alike for alike in self._alike.values() if course.fits(alike.fact)]
        found = self._least(alike.ready for alike in fitting)
        if actor_id is not None:
            found = _smaller(found, self._least(alike.waiting.get(actor_id) for alike in fitting))
        if found is None:
            found = self._least(alike.all for alike in fitting)
        return self._earliest() if found is None else found

    def _earliest(self) -> int:
        """The first that is still to come, where none fits."""
        while self._coming[self._first] is None:
            self._first += 1
        return self._first

    def _least(self, heaps: Iterable[list[int] | None]) -> int | None:
        """The smallest number in the heaps whose event is still to come."""
        least: int | None = None
        for heap in heaps:
            while heap and self._coming[heap[0]] is None:
                heappop(heap)
            if heap:
                least = _smaller(least, heap[0])
        return least

    def _add(self, number: int, one: _Coming) -> None:
        heappush(self._alike.setdefault(one.alike, _Alike(one.placed.fact)).all, number)
        if not self._waits(one):
            self._make_ready(number, one)
        elif one.actor_id is not None:
            heappush(self._alike[one.alike].waiting[one.actor_id], number)
            self._by_actor[one.actor_id].append(number)
            self._note_passing(number, one, waits_for=one.actor_id)

    def _make_ready(self, number: int, one: _Coming) -> None:
        heappush(self._alike[one.alike].ready, number)
        self._note_passing(number, one, waits_for=None)

    def _note_passing(self, number: int, one: _Coming, *, waits_for: str | None) -> None:
        if one.passed_to is not None:
            heappush(self._passed_to[waits_for, one.passed_to], number)

    def _waits(self, one: _Coming) -> bool:
        """Whether another event still to come names its actor as holder: who passes a case on had it."""
        return one.actor_id is not None and self._named[one.actor_id] > one.names_its_actor

    def _release(self, holder_id: str) -> None:
        """Those that no longer wait for an event that names this officer."""
        if self._named[holder_id] > 1:
            return
        for number in self._by_actor.pop(holder_id, ()):
            one = self._coming[number]
            if one is not None and self._waits(one):
                self._by_actor[holder_id].append(number)
            elif one is not None:
                self._make_ready(number, one)


def _coming(placed: Placed, rules: RuleBook) -> _Coming:
    fact = placed.fact
    passed_to = named_holder(fact.holder, rules) if isinstance(fact, PASSED_ON) else None
    consulted = unit_name(fact.unit) if isinstance(fact, ConsultationRequested) else None
    to_officer = passed_to is not None and passed_to.party.kind is PartyKind.OFFICER
    return _Coming(
        placed=placed,
        alike=(fact.kind, consulted),
        actor_id=None if isinstance(fact, ResultDelivered) else _officer_id(getattr(fact, "actor", None), rules),
        holder_id=_officer_id(getattr(fact, "holder", None), rules),
        passed_to=passed_to.key if passed_to is not None and to_officer else None,
    )


def _officer_id(person: Person | None, rules: RuleBook) -> str | None:
    return None if person is None or person.id is None else rules.officer_id(person.id)


def _smaller(one: int | None, other: int | None) -> int | None:
    return min((number for number in (one, other) if number is not None), default=None)
