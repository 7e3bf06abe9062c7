"""Which events count, when, and in which order (rules T1, T4, T5, H8)."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tiendo_domain.facts import CaseEvent, CaseFact, Corrected, EventKey
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import AnomalyKind, Basis

FUTURE_TOLERANCE = timedelta(minutes=5)

# Rule T1, in the order in which it names them; `corrected` has no place of its own there.
_KINDS = (
    *("submitted", "received"),
    *("resumed", "supplement-received", "payment-received", "consultation-answered"),
    *("assigned", "forwarded", "sent-back", "recalled", "claimed", "worked"),
    *("deadline-restated", "deadline-extended"),
    *("consultation-requested", "supplement-requested", "payment-requested", "suspended"),
    *("completed", "declined", "withdrawn", "result-delivered", "reopened", "corrected"),
)
_RANKS = {kind: rank for rank, kind in enumerate(_KINDS)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An event at its place: `at` is the instant that counts on the basis asked for, `recorded_at` as rule T4 reads it.

    `place` counts from 0 by rule T1 among all events of the case that are known.
    """

    event: CaseEvent
    fact: CaseFact
    at: Instant
    recorded_at: Instant
    place: int

    @property
    def key(self) -> EventKey:
        """Its idempotency key."""
        return EventKey(source=self.event.source, id=self.event.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """An anomaly with the events that show it."""

    kind: AnomalyKind
    events: tuple[Placed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The events that count, by rule T1, and what was noticed while choosing them; `corrected` never stands among them."""

    events: tuple[Placed, ...]
    findings: tuple[Finding, ...]


def known_events(events: Iterable[CaseEvent], known_at: datetime | None) -> list[CaseEvent]:
    """The events ingested by `known_at` (None: all), each key once."""
    unique: dict[tuple[str, str], CaseEvent] = {}
    for event in events:
        if known_at is None or event.ingested_at <= known_at:
            unique.setdefault((event.source, event.id), event)
    return list(unique.values())


def counted_events(events: Sequence[CaseEvent], *, as_of: datetime, basis: Basis) -> Counted:
    """The events of the case that count at `as_of` on `basis`, in their order."""
    placed = _placed(events, basis)
    annulled, findings = _corrections(placed)
    standing = [one for one in placed if not annulled or one.key not in annulled]
    findings += [Finding(kind=AnomalyKind.FUTURE_INSTANT, events=(one,)) for one in standing if _is_future(one, as_of)]
    counted = (one for one in standing if one.at.at <= as_of and not isinstance(one.fact, Corrected))
    return Counted(events=tuple(counted), findings=tuple(findings))


def standing_events(events: Sequence[CaseEvent]) -> Sequence[CaseEvent]:
    """The events of a case that no correction annuls (rule H8), in the order given."""
    if not any(isinstance(event.fact, Corrected) for event in events):
        return events
    annulled, _ = _corrections(_placed(events, Basis.OCCURRED))
    return [event for event in events if EventKey(source=event.source, id=event.id) not in annulled]


def recorded_instant(event: CaseEvent) -> Instant:
    """When the source recorded the event: equal to its `time` where it does not say, or says earlier (rule T4)."""
    recorded = event.recorded_at
    return event.occurred_at if recorded is None or recorded.at < event.occurred_at.at else recorded


def instant_of(placed: Placed | None) -> Instant | None:
    """The instant of an event that may not be there."""
    return None if placed is None else placed.at


def _placed(events: Sequence[CaseEvent], basis: Basis) -> list[Placed]:
    by_record = basis is Basis.RECORDED
    keyed = []
    for event in events:
        recorded = recorded_instant(event)
        rest = (
            event.occurred_at.at,
            -1 if event.sequence is None else event.sequence,
            recorded.at,
            _RANKS[event.fact.kind],
            event.source,
            event.id,
        )
        keyed.append((recorded.at if by_record else event.occurred_at.at, rest, event, recorded))
    keyed.sort(key=lambda one: one[:2])
    return [
        Placed(
            event=event,
            fact=event.fact,
            at=recorded if by_record else event.occurred_at,
            recorded_at=recorded,
            place=place,
        )
        for place, (_, _, event, recorded) in enumerate(keyed)
    ]


def _is_future(placed: Placed, as_of: datetime) -> bool:
    """Rule T5, of an event that counts at `as_of` (a correction always does), or that we had by then though it counts only later."""
    event = placed.event
    latest = event.occurred_at.at - FUTURE_TOLERANCE
    if latest <= event.ingested_at and (event.recorded_at is None or latest <= event.recorded_at.at):
        return False
    return placed.at.at <= as_of or event.ingested_at <= as_of or isinstance(placed.fact, Corrected)


def _corrections(placed: Sequence[Placed]) -> tuple[frozenset[EventKey], list[Finding]]:
    """The keys of the annulled events, and the corrections that name no event of the case (rule H8).

    A correction counts when every correction that annuls it does not. Those that only a circle decides never count.
    """
    corrections = [(one, one.fact.annuls) for one in placed if isinstance(one.fact, Corrected)]
    if not corrections:
        return frozenset(), []
    known = {one.key for one in placed}
    counting = _counting({one.key: target for one, target in corrections})
    standing = [(one, target) for one, target in corrections if one.key in counting]
    findings = [
        Finding(kind=AnomalyKind.CORRECTION_WITHOUT_TARGET, events=(one,))
        for one, target in standing
        if target not in known
    ]
    return frozenset(target for _, target in standing), findings


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
