"""The order of a case's events: by what they say, and of one instant as they fit (rule T1)."""

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise

from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.course import Course
from tiendo_domain.timeline.instant import PASSED_ON, EventsOfInstant
from tiendo_domain.timeline.parties import named_holder
from tiendo_domain.timeline.placed import Placed
from tiendo_domain.timeline_types import PartyKind

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
        if isinstance(one.fact, PASSED_ON):
            naming = _NAMING_RANKS[named_holder(one.fact.holder, rules).party.kind]
        return (one.recorded_at.at, one.rank, naming, one.event.source, one.event.id)

    return sorted(events, key=place)


def _as_they_fit(events: Sequence[Placed], course: Course) -> Iterator[Placed]:
    """The events one by one, each chosen in the state that `course` has then; the caller takes it before it asks for the next."""
    instant = EventsOfInstant(events, course.rules)
    for _ in events:
        yield instant.next_in(course)
