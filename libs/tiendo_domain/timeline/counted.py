"""Which events count, when, and in which order (rules T1, T4, T5, H8)."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from tiendo_domain.case_event import CaseEvent
from tiendo_domain.facts import Corrected, EventKey, Joined
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.ordering import in_order
from tiendo_domain.timeline.placed import Finding, Placed, PlacedExplanation, placed_events, placed_explanations
from tiendo_domain.timeline_types import AnomalyKind, Basis

FUTURE_TOLERANCE = timedelta(minutes=5)


class Counted(Struct, frozen=True, kw_only=True):
    """The events that count, by rule T1, and what was noticed while choosing them; `corrected` and `joined` never stand among them.

    `acts` are all that somebody did by then, corrections too (rule H10). `explanations` are what is explained and decided, of which nothing is
    annulled, by rule T1: no events of the course (rule E1).
    """

    events: tuple[Placed, ...]
    acts: tuple[Placed, ...]
    findings: tuple[Finding, ...]
    explanations: tuple[PlacedExplanation, ...] = ()


def known_events(events: Iterable[CaseEvent], known_at: datetime | None) -> list[CaseEvent]:
    """The events ingested by `known_at` (None: all), each key once."""
    unique: dict[tuple[str, str], CaseEvent] = {}
    for event in events:
        if known_at is None or event.ingested_at <= known_at:
            unique.setdefault((event.source, event.id), event)
    return list(unique.values())


def counted_events(
    events: Sequence[CaseEvent],
    rules: RuleBook,
    *,
    as_of: datetime,
    basis: Basis,
    explained_by: datetime | None = None,
) -> Counted:
    """The events of the case that count at `as_of` on `basis`, in their order; of explanations those until `explained_by` (None: all)."""
    placed = placed_events(events, basis)
    explanations = placed_explanations(events) if len(placed) < len(events) else []
    corrections = _corrections(placed, explanations)
    standing = [one for one in placed if not isinstance(one.fact, Joined) and not corrections.annul(one)]
    taken = in_order([one for one in standing if one.at.at <= as_of], rules)
    later = [one for one in standing if one.at.at > as_of]
    standing = [one if one.place == place else replace(one, place=place) for place, one in enumerate([*taken, *later])]
    findings = [
        Finding(kind=AnomalyKind.CORRECTION_WITHOUT_TARGET, events=(one,))
        for one in standing
        if corrections.without_target and one.key in corrections.without_target
    ]
    findings += [Finding(kind=AnomalyKind.FUTURE_INSTANT, events=(one,)) for one in standing if _is_future(one, as_of)]
    now = standing[: len(taken)]
    return Counted(
        events=tuple(one for one in now if not isinstance(one.fact, Corrected)),
        acts=(*now, *(one for one in standing[len(taken) :] if isinstance(one.fact, Corrected))),
        findings=tuple(findings),
        explanations=tuple(one for one in explanations if not corrections.annul(one) and _is_told(one, explained_by)),
    )


def _is_told(placed: PlacedExplanation, until: datetime | None) -> bool:
    """Whether it counts for somebody who states, or does not state, as of when (rule E1)."""
    return until is None or placed.event.occurred_at.at <= until


def standing_events(events: Sequence[CaseEvent]) -> Sequence[CaseEvent]:
    """The events of a case that no correction annuls (rule H8), in the order given."""
    if not any(isinstance(event.fact, Corrected) for event in events):
        return events
    annulled = frozenset(counting_corrections(events).values())
    return [event for event in events if EventKey(source=event.source, id=event.id) not in annulled]


def _is_future(placed: Placed, as_of: datetime) -> bool:
    """Rule T5: its `time` lies well after it was recorded or received; it shows from the earlier of the two on."""
    event = placed.event
    known_at = event.ingested_at if event.recorded_at is None else min(event.ingested_at, event.recorded_at.at)
    return event.occurred_at.at - FUTURE_TOLERANCE > known_at and known_at <= as_of


class _Corrections(Struct, frozen=True, kw_only=True):
    """The keys of the annulled events, and of the corrections that name no event of the case."""

    annulled: frozenset[EventKey] = frozenset()
    without_target: frozenset[EventKey] = frozenset()

    def annul(self, placed: Placed | PlacedExplanation) -> bool:
        """Whether the event counts as never sent."""
        return bool(self.annulled) and placed.key in self.annulled


def _corrections(placed: Sequence[Placed], explanations: Sequence[PlacedExplanation] = ()) -> _Corrections:
    """What the corrections of a case do (rule H8).

    A correction counts when every correction that annuls it does not. Those that only a circle decides never count.
    """
    standing = counting_corrections([one.event for one in placed])
    if not standing:
        return _Corrections()
    known = {*(one.key for one in placed), *(one.key for one in explanations)}
    return _Corrections(
        annulled=frozenset(standing.values()),
        without_target=frozenset(key for key, target in standing.items() if target not in known),
    )


def counting_corrections(events: Iterable[CaseEvent]) -> Mapping[EventKey, EventKey]:
    """The corrections among the events that count, each with what it annuls."""
    annuls = {
        EventKey(source=event.source, id=event.id): event.fact.annuls
        for event in events
        if isinstance(event.fact, Corrected)
    }
    return {key: annuls[key] for key in _counting(annuls)}


def _counting(annuls: Mapping[EventKey, EventKey]) -> set[EventKey]:
    """The corrections that count, from each correction to what it annuls: decided from those that nobody annuls."""
    undecided_against = dict.fromkeys(annuls, 0)
    for target in annuls.values():
        if target in annuls:
            undecided_against[target] += 1
    ready = deque(key for key, number in undecided_against.items() if number == 0)
    counting, void = set(ready), set[EventKey]()
    while ready:
        key = ready.popleft()
        target = annuls[key]
        if target not in annuls or target in void:
            continue
        undecided_against[target] -= 1
        if key in counting:
            void.add(target)
            ready.append(target)
        elif undecided_against[target] == 0:
            counting.add(target)
            ready.append(target)
    return counting
