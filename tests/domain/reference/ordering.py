"""In which order the events of a case are walked (rule T1), and which completion of a stretch counts (rule H7)."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any

from tests.domain.reference.fitting import fits
from tests.domain.reference.holding import Walk
from tests.domain.reference.kinds import ENDS, GROUPS, PASSED_ON
from tests.domain.reference.parties import Names, text
from tests.domain.reference.reading import Event, Key


def ordered(events: Sequence[Event], names: Names) -> tuple[list[Event], Event | None]:
    """The events in the order in which they are walked, and the one with which holding begins.

    Those of equal instant and `sequence` are taken as they fit the state reached; in that state every completion that meets an open case ends it.
    """
    walk = Walk.of(events, names)
    taken: list[Event] = []
    for _, together in groupby(sorted(events, key=lambda event: by_rule(event, names)), key=_instant_and_sequence):
        waiting = list(together)
        while waiting:
            event = _next_of(waiting, walk)
            waiting.remove(event)
            walk.meet(event)
            taken.append(event)
    return taken, walk.begun_by


def by_rule(event: Event, names: Names) -> tuple[Any, ...]:
    """What events are sorted by before any state is looked at; `at` first makes basis recorded `by recordedat first, then as here`."""
    group = next(number for number, kinds in enumerate(GROUPS) if event.kind in kinds)
    return (*_instant_and_sequence(event), event.recorded, group, _queue_first(event, names), *event.key)


def _instant_and_sequence(event: Event) -> tuple[Any, ...]:
    return event.at, event.time, (0, 0) if event.sequence is None else (1, event.sequence)


def _queue_first(event: Event, names: Names) -> int:
    """Nobody before a unit alone before an officer. Reading: a placeholder with an id is that officer (rule H3), so comes last here too."""
    if event.kind not in PASSED_ON:
        return 0
    party, _ = names.named(event.data.get("holder"))
    return {"unit": 1, "officer": 2}.get(party.kind if party else "nobody", 0)


def _next_of(waiting: Sequence[Event], walk: Walk) -> Event:
    fitting = [event for event in waiting if fits(event, walk)]
    if not fitting:
        return waiting[0]
    ready = [event for event in fitting if not _waits(event, waiting, walk)]
    if not ready:
        return fitting[0]
    unchanged = [event for event in ready if _names_the_present_officer(event, walk)]
    return (unchanged or ready)[0]


def _waits(event: Event, together: Sequence[Event], walk: Walk) -> bool:
    """Whether the event's `actor` is still to become holder at this instant: who passes a case on had it.

    Reading: `data.holder` of any kind counts as naming a holder, also of a `worked` and of what will be out of order.
    """
    actor = _person(event.data.get("actor"), walk.names)
    if actor is None or event.kind == "result-delivered":
        return False
    present = walk.present_holder()
    if present is not None and present.kind == "officer" and present.id == actor:
        return False
    return any(_person(other.data.get("holder"), walk.names) == actor for other in together if other is not event)


def _person(person: dict[str, Any] | None, names: Names) -> str | None:
    identity = text((person or {}).get("id"))
    return None if identity is None else names.person(identity)


def _names_the_present_officer(event: Event, walk: Walk) -> bool:
    party, _ = walk.names.named(event.data.get("holder"))
    present = walk.present_holder()
    if event.kind not in PASSED_ON or party is None or present is None:
        return False
    return party.kind == "officer" and party.identity == present.identity


def set_aside(events: Sequence[Event]) -> dict[Key, str]:
    """The completions that do not count, each with its anomaly (rule H7); `events` in their order, from the beginning of the holds on."""
    aside: dict[Key, str] = {}
    stretch: list[Event] = []
    ended = False
    for event in events:
        if event.kind == "reopened" and ended:
            aside |= _all_but_one(stretch)
            stretch, ended = [], False
        if event.kind == "completed":
            stretch.append(event)
        ended = ended or event.kind in {*ENDS, "result-delivered"}
    return aside | _all_but_one(stretch)


def _all_but_one(completions: Sequence[Event]) -> dict[Key, str]:
    if not completions:
        return {}
    # The earliest recorded; of those the latest time; of those the first by T1.
    earliest = min(event.recorded for event in completions)
    counted = max((event for event in completions if event.recorded == earliest), key=lambda event: event.time)
    return {
        event.key: "finish-moved-back" if event.time < counted.time else "out-of-order"
        for event in completions
        if event.key != counted.key
    }
