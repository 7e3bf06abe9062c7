"""Which codes name one case (rule N4): decided from the facts known, whatever their order."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Self

from msgspec import Struct

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.facts import Corrected, EventKey, Joined, Received
from tiendo_domain.timeline.counted import counting_corrections, standing_events


class JoinedCase(Struct, frozen=True, kw_only=True):
    """A case under all its codes: `case_id` is the one that names it, `aliases` are the others by code point.

    `events` are those of all its codes, `event_count` in number, and every `joined` that names one of them, annulled or not: it is said of both.
    `last_position` is that of the last event that was looked at, of other codes too: they decide which codes are one case.
    """

    case_id: str
    aliases: tuple[str, ...]
    events: Sequence[CaseEvent]
    event_count: int
    last_position: int

    @property
    def codes(self) -> frozenset[str]:
        """All its codes."""
        return frozenset((self.case_id, *self.aliases))


def joined_cases(events: Sequence[CaseEvent]) -> list[JoinedCase]:
    """The cases that the events tell of, by `case_id`: the events are to be all those of every code that any of their `joined` names.

    Codes are joined by what stands: a `joined` is annulled by a correction of one of its two codes (rule H8). A code of which nothing but an annulled
    `joined` is told names no case.
    """
    if not events:
        return []
    subjects = {event.case_id for event in events}
    last_position = max(event.position for event in events)
    if len(subjects) == 1 and not any(isinstance(event.fact, Joined) for event in events):
        return [_case(subjects, events, events, last_position)]
    connected = connected_codes(subjects, _standing_joins(events))
    cases = [
        _case(codes, own, about, last_position)
        for codes, (own, about) in zip(connected, _divided(events, connected), strict=True)
        if own
    ]
    return sorted(cases, key=lambda case: case.case_id)


def _divided(
    events: Iterable[CaseEvent], connected: Sequence[AbstractSet[str]]
) -> list[tuple[list[CaseEvent], list[CaseEvent]]]:
    """Of each set of codes the events told of them, and with them every `joined` that names one of these; both in the order given."""
    place = {code: number for number, codes in enumerate(connected) for code in codes}
    divided: list[tuple[list[CaseEvent], list[CaseEvent]]] = [([], []) for _ in connected]
    for event in events:
        own_place = place[event.case_id]
        divided[own_place][0].append(event)
        for concerned in {own_place, place.get(_alias(event) or event.case_id, own_place)}:
            divided[concerned][1].append(event)
    return divided


def case_of(events: Sequence[CaseEvent], code: str | None) -> JoinedCase | None:
    """The case of that code among those that the events tell of; None where there is none.

    Without a code it is the only case there is; raises ValueError where there are several.
    """
    cases = joined_cases(events)
    if code is not None:
        return next((case for case in cases if code in case.codes), None)
    if len(cases) > 1:
        raise ValueError(f"these are events of {len(cases)} cases")
    return cases[0] if cases else None


def events_of_the_course(events: Sequence[CaseEvent]) -> Sequence[CaseEvent]:
    """The events that say what happened to a case and when: without those that only name another code, unless there are no others."""
    return [event for event in events if not isinstance(event.fact, Joined)] or events


def _alias(event: CaseEvent) -> str | None:
    return event.fact.alias if isinstance(event.fact, Joined) else None


def _standing_joins(events: Sequence[CaseEvent]) -> list[tuple[str, str]]:
    """The pairs of codes that stand joined."""
    corrections = _Corrections.among(events)
    return [
        (event.case_id, event.fact.alias)
        for event in events
        if isinstance(event.fact, Joined)
        and not corrections.annul(_key(event), frozenset((event.case_id, event.fact.alias)))
    ]


class _Corrections(Struct, frozen=True):
    """The corrections among some events, by what they annul."""

    of: Mapping[EventKey, Sequence[CaseEvent]]

    @classmethod
    def among(cls, events: Iterable[CaseEvent]) -> Self:
        """Those among the events."""
        of: defaultdict[EventKey, list[CaseEvent]] = defaultdict(list)
        for event in events:
            if isinstance(event.fact, Corrected):
                of[event.fact.annuls].append(event)
        return cls(of)

    def annul(self, target: EventKey, codes: AbstractSet[str]) -> bool:
        """Whether the target is annulled by what is said of these codes alone; what is said of a correction of them too (rule H8)."""
        concerned: list[CaseEvent] = []
        pending = [target]
        while pending:
            found = [one for one in self.of.get(pending.pop(), ()) if one.case_id in codes]
            concerned += found
            pending += map(_key, found)
        return target in counting_corrections(concerned).values()


def connected_codes(codes: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The codes in sets, each of those that pairs connect."""
    found = {code: {code} for code in codes}
    for pair in pairs:
        first, second = (found.setdefault(code, {code}) for code in pair)
        if first is not second:
            smaller, larger = sorted((first, second), key=len)
            larger |= smaller
            found.update(dict.fromkeys(smaller, larger))
    return list({id(component): component for component in found.values()}.values())


def _case(
    codes: AbstractSet[str], own: Sequence[CaseEvent], about: Sequence[CaseEvent], last_position: int
) -> JoinedCase:
    """The case of those codes, named by the first by code points that has a `received`, else by the first of all."""
    received: AbstractSet[str] = set()
    if len(codes) > 1:
        received = {event.case_id for event in standing_events(own) if isinstance(event.fact, Received)}
    case_id = min(received or codes)
    return JoinedCase(
        case_id=case_id,
        aliases=tuple(sorted(codes - {case_id})),
        events=about,
        event_count=len(own),
        last_position=last_position,
    )


def _key(event: CaseEvent) -> EventKey:
    return EventKey(source=event.source, id=event.id)
