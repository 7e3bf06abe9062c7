"""Which facts of a case a frozen list knows: all until it was frozen, and of what came later only what explains and decides.

Codes that were joined since name the case too (rule N4): what is explained and decided under them is said of it, while its course stays as frozen.
"""

from collections.abc import Collection, Iterable, Sequence
from collections.abc import Set as AbstractSet

from msgspec.structs import replace

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.explanations import EXPLANATION_FACTS, ExplanationDecided
from tiendo_domain.facts import Corrected, EventKey, Joined
from tiendo_domain.timeline.counted import known_events
from tiendo_domain.timeline.joins import joined_cases

_BESIDE_THE_COURSE = (*EXPLANATION_FACTS, Corrected, Joined)


def known_to_list(events: Sequence[CaseEvent], *, codes: Collection[str], frozen: int, decided: int) -> list[CaseEvent]:
    """The events up to the position `frozen`, and of those up to `decided` what is explained and decided, and what corrects that.

    `codes` are those that named the case when it was frozen; what is said under codes that name it by now is said of its first. A later correction
    of an event of the course is left out, and so is a correction of such a correction.
    """
    told = [event for event in events if event.position <= decided]
    before = [event for event in told if event.position <= frozen]
    kept = _explaining(told)
    now = _names_now(told, codes) if len({event.case_id for event in told}) > 1 else frozenset(codes)
    elsewhere = now.difference(codes)
    known = [
        event
        for event in told
        if (_key(event) not in kept and event.position <= frozen)
        or (_key(event) in kept and event.case_id not in elsewhere)
    ]
    said = [event for event in told if _key(event) in kept and event.case_id in elsewhere]
    return known + _as_said_of(codes, said, _named_then(before, now)) if said else known


def _explaining(told: Sequence[CaseEvent]) -> AbstractSet[EventKey]:
    """The keys of what is explained and decided, and of what corrects that, also by a chain of corrections."""
    keys = {_key(event) for event in told if isinstance(event.fact, EXPLANATION_FACTS)}
    corrections = [event for event in told if isinstance(event.fact, Corrected)]
    while found := [event for event in corrections if _key(event) not in keys and _annuls(event) in keys]:
        keys.update(map(_key, found))
    return keys


def _names_now(told: Sequence[CaseEvent], codes: Collection[str]) -> frozenset[str]:
    """The codes that name the case by all that is told."""
    now = (case.codes for case in joined_cases(known_events(told, None)))
    return frozenset().union(*(case for case in now if not case.isdisjoint(codes)))


def _named_then(before: Sequence[CaseEvent], now: AbstractSet[str]) -> list[frozenset[str]]:
    """The codes of each case that was told of when the list was frozen, of those that are one case now; the first case first."""
    then = (case for case in joined_cases(known_events(before, None)) if _has_course(case.events))
    return [case.codes for case in then if not case.codes.isdisjoint(now)]


def _as_said_of(
    codes: Collection[str], said: Iterable[CaseEvent], named_then: Sequence[frozenset[str]]
) -> list[CaseEvent]:
    """What was said under other codes as said of the case.

    A decision changes the minutes of one frozen case alone: of the one that its code named then, else of the first of those that are one case now.
    """
    first = not named_then or not named_then[0].isdisjoint(codes)
    taken = frozenset[str]().union(*named_then)
    return [_said_of(min(codes), event, with_effects=first and event.case_id not in taken) for event in said]


def _said_of(case_id: str, event: CaseEvent, *, with_effects: bool) -> CaseEvent:
    fact = event.fact
    if isinstance(fact, ExplanationDecided) and not with_effects:
        fact = replace(fact, effects=None)
    return replace(event, case_id=case_id, fact=fact)


def _has_course(events: Iterable[CaseEvent]) -> bool:
    return any(not isinstance(event.fact, _BESIDE_THE_COURSE) for event in events)


def _key(event: CaseEvent) -> EventKey:
    return EventKey(source=event.source, id=event.id)


def _annuls(event: CaseEvent) -> EventKey | None:
    return event.fact.annuls if isinstance(event.fact, Corrected) else None
