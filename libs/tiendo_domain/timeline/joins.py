"""Which codes name one case (rule N4): decided from the facts known, whatever their order."""

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from tiendo_domain.facts import CaseEvent, Corrected, EventKey, Joined, Received
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
    cases = []
    for codes in _components(subjects, _standing_joins(events)):
        own = [event for event in events if event.case_id in codes]
        if own:
            about = [event for event in events if event.case_id in codes or _alias(event) in codes]
            cases.append(_case(codes, own, about, last_position))
    return sorted(cases, key=lambda case: case.case_id)


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
    subjects = {_key(event): event.case_id for event in events if isinstance(event.fact, Corrected)}
    annulled_by: dict[EventKey, set[str]] = {}
    for correction, target in counting_corrections(events).items():
        annulled_by.setdefault(target, set()).add(subjects[correction])
    joins = [(_key(event), event.case_id, event.fact.alias) for event in events if isinstance(event.fact, Joined)]
    return [(code, alias) for key, code, alias in joins if annulled_by.get(key, set()).isdisjoint((code, alias))]


def _components(codes: Iterable[str], pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
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
