"""Minutes that decisions move from one party to another, which is no person (rules E4, E5)."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from tiendo_domain.explanations import MovedFigure, MoveEffect
from tiendo_domain.facts import ConsultationRequested
from tiendo_domain.timeline.counted import Counted
from tiendo_domain.timeline.measured import Measured
from tiendo_domain.timeline.parties import named_unit, unit_name
from tiendo_domain.timeline.placed import PlacedExplanation
from tiendo_domain.timeline.policies import AttributionPolicy
from tiendo_domain.timeline.shares import Share
from tiendo_domain.timeline_types import LateEntryShare, Party, PartyKind, UnitName

_Borne = TypeVar("_Borne", Share, LateEntryShare)

_NO_UNITS = frozenset({PartyKind.ORGANISATION, PartyKind.APPLICANT, PartyKind.SUSPENSION})


class CountedMove(Struct, frozen=True, kw_only=True):
    """A move that counts: of `taken_from`, a party's key, so many minutes to `to`. `stated_minutes`: the minutes as they were when it was decided."""

    decision: PlacedExplanation
    of: MovedFigure
    taken_from: str
    to: Party
    minutes: int
    stated_minutes: int | None


def move_of(decision: PlacedExplanation, effect: MoveEffect, taken_from: str, to: Party) -> CountedMove:
    """The move that a decision makes."""
    return CountedMove(
        decision=decision,
        of=effect.of or MovedFigure.SHARE,
        taken_from=taken_from,
        to=to,
        minutes=(effect.share_minutes or 0) if effect.minutes is None else effect.minutes,
        stated_minutes=effect.share_minutes,
    )


def units_of_the_case(counted: Counted, measured: Measured) -> Mapping[str, UnitName]:
    """The units that held the case, that an officer belongs to who held it, or that were asked, by key (rule E4): of each the last naming with a name."""
    asked = (unit_name(one.fact.unit) for one in counted.events if isinstance(one.fact, ConsultationRequested))
    held = (hold.stretch.holder.party.unit for hold in measured.holds)
    found: dict[str, UnitName] = {}
    for unit in (*asked, *held):
        if unit is None:
            continue
        key = named_unit(PartyKind.UNIT, unit).key
        if unit.name is not None or key not in found:
            found[key] = unit
    return found


def in_case(to: Party, units: Mapping[str, UnitName]) -> Party | None:
    """The party that minutes go to, a unit as the case names it (rule A5); None for a unit that had nothing to do with the case."""
    if to.kind in _NO_UNITS:
        return to
    unit = None if to.unit is None else units.get(named_unit(PartyKind.UNIT, to.unit).key)
    return None if unit is None else to if unit.name is None else named_unit(to.kind, unit).party


def moved_shares(shares: Sequence[Share], moves: Iterable[CountedMove], policy: AttributionPolicy) -> list[Share]:
    """The shares after the moves of shares, also those of which nothing is left; each names the decisions that changed it."""

    def begun(move: CountedMove) -> Share:
        return Share(party=move.to, minutes=0, overrun_minutes=None, rule="E4", events=())

    def changed(share: Share, move: CountedMove, minutes: int, received: int) -> Share:
        return replace(
            share,
            minutes=minutes,
            received_by_decision_minutes=received,
            rule=share.rule if share.rule == "E4" else policy.rule_with("E4"),
            events=(*share.events, move.decision),
        )

    return _moved(shares, [move for move in moves if move.of is MovedFigure.SHARE], begun, changed)


def taken_by_class(shares: Sequence[Share], decision: PlacedExplanation, policy: AttributionPolicy) -> list[Share]:
    """The shares of which a decision on the class has left nothing."""
    return [
        replace(share, minutes=0, rule=policy.rule_with("E4"), events=(*share.events, decision)) for share in shares
    ]


def moved_late_entries(entries: Sequence[LateEntryShare], moves: Iterable[CountedMove]) -> list[LateEntryShare]:
    """Who bears the late entry after the moves of late-entry minutes."""

    def begun(move: CountedMove) -> LateEntryShare:
        return LateEntryShare(party=move.to, minutes=0)

    def changed(entry: LateEntryShare, _: CountedMove, minutes: int, received: int) -> LateEntryShare:
        return replace(entry, minutes=minutes, received_by_decision_minutes=received)

    moved = _moved(entries, [move for move in moves if move.of is MovedFigure.LATE_ENTRY], begun, changed)
    return [entry for entry in moved if entry.minutes > 0]


def _moved(
    borne: Sequence[_Borne],
    moves: Iterable[CountedMove],
    begun: Callable[[CountedMove], _Borne],
    changed: Callable[[_Borne, CountedMove, int, int], _Borne],
) -> list[_Borne]:
    """What each bears after the moves, also those with nothing left: each takes from what the party has by rule, as far as that goes."""
    found = {one.party.key: one for one in borne}
    for move, taken in _taken(borne, moves):
        giver = found[move.taken_from]
        found[move.taken_from] = changed(giver, move, giver.minutes - taken, giver.received_by_decision_minutes)
        taker = found.get(move.to.key) or begun(move)
        received = taker.received_by_decision_minutes + taken
        found[move.to.key] = changed(taker, move, taker.minutes + taken, received)
    return list(found.values())


def _taken(borne: Sequence[_Borne], moves: Iterable[CountedMove]) -> Iterator[tuple[CountedMove, int]]:
    """The moves that take something, and how many minutes."""
    left = {one.party.key: one.minutes for one in borne}
    for move in moves:
        taken = min(move.minutes, left.get(move.taken_from, 0))
        if taken > 0:
            left[move.taken_from] -= taken
            yield move, taken


def minutes_moved(
    shares: Sequence[Share], entries: Sequence[LateEntryShare], moves: Sequence[CountedMove]
) -> dict[str, int]:
    """Party's key -> the minutes that decisions moved from it to others, of its share and of its late entry."""
    moved: dict[str, int] = {}
    of = {figure: [move for move in moves if move.of is figure] for figure in MovedFigure}
    for move, taken in (*_taken(shares, of[MovedFigure.SHARE]), *_taken(entries, of[MovedFigure.LATE_ENTRY])):
        moved[move.taken_from] = moved.get(move.taken_from, 0) + taken
    return moved


def is_outdated(moves: Sequence[CountedMove], minutes: int) -> bool:
    """Whether moves of one party's figure by one decision no longer fit the `minutes` that it has (rule E5)."""
    if any(move.stated_minutes is not None and move.stated_minutes != minutes for move in moves):
        return True
    return any(move.stated_minutes is None for move in moves) and sum(move.minutes for move in moves) > minutes
