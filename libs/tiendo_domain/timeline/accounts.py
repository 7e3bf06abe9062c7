"""Accounts: one party's time in one step, against the step's allotment (rules A1, A2, A6, H10)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from tiendo_domain.timeline.measured import MeasuredHold
from tiendo_domain.timeline.parties import named_unit
from tiendo_domain.timeline_types import PartyKind

_Account = tuple[int, str, str | None]


class Row(Struct, frozen=True, kw_only=True):
    """A hold against its account: what was left of the allotment at its start, and how far it went beyond.

    Both None while the clock stands. `allotted_minutes` is None where nothing is allotted; `overrun_minutes` then counts all of a queue,
    a consulted unit or an unknown holder (rule A3), and is None for an officer. `lag_in` and `lag_out` are the lag against the plan (rule A6).
    """

    allotted_minutes: int | None
    overrun_minutes: int | None
    lag_in: int
    lag_out: int


def rows(holds: Sequence[MeasuredHold], allotments: Mapping[str, int]) -> list[Row]:
    """One row a hold, in their order."""
    allotted = _allotted(holds, allotments)
    left = {account: minutes or 0 for account, minutes in allotted.items()}
    unopened = set(allotted)
    written: list[Row] = []
    lag, last_round = 0, 0
    for hold in holds:
        stretch, minutes, account = hold.stretch, hold.working_minutes, hold.account
        lag_in = lag if stretch.round == last_round else 0
        lag, last_round = lag_in, stretch.round
        if stretch.paused:
            written.append(Row(allotted_minutes=None, overrun_minutes=None, lag_in=lag_in, lag_out=lag))
            continue
        stated, at_hand = allotted[account], left[account]
        if minutes:
            lag += minutes - (at_hand if account in unopened else 0)
            unopened.discard(account)
        overrun = None if stated is None and _is_officer(hold) else max(0, minutes - at_hand)
        allotment = None if stated is None else at_hand
        written.append(Row(allotted_minutes=allotment, overrun_minutes=overrun, lag_in=lag_in, lag_out=lag))
        left[account] = max(0, at_hand - minutes)
    return written


class _StepUse(Struct):
    """What a step's allotment is shared by, within one stretch between restarts."""

    minutes_by_people: int = 0
    minutes_by_people_of: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    minutes_by_unknown: int = 0
    queues: set[str] = field(default_factory=set)

    def add(self, hold: MeasuredHold) -> None:
        """One more hold of the step."""
        party = hold.stretch.holder.party
        match party.kind:
            case PartyKind.OFFICER:
                self.minutes_by_people += hold.working_minutes
                if party.unit is not None:
                    self.minutes_by_people_of[named_unit(PartyKind.UNIT, party.unit).key] += hold.working_minutes
            case PartyKind.UNKNOWN:
                self.minutes_by_people += hold.working_minutes
                self.minutes_by_unknown += hold.working_minutes
            case PartyKind.UNIT if not hold.stretch.absent:
                self.queues.add(hold.stretch.key)
            case _:
                pass

    def left_to(self, unit_key: str, allotment: int) -> int:
        """What the queue of a unit has, or the unit that stands in for an officer who is away (rules A1, H10)."""
        if unit_key in self.queues:
            # A queue has what those who picked the case up leave it, also those who come later.
            return allotment if len(self.queues) > 1 else max(0, allotment - self.minutes_by_people)
        if self.queues:
            return allotment
        return max(0, allotment - self.minutes_by_people_of[unit_key] - self.minutes_by_unknown)


def _allotted(holds: Sequence[MeasuredHold], allotments: Mapping[str, int]) -> dict[_Account, int | None]:
    """What each account has for its step, None where nothing is allotted."""
    taking_part = [hold for hold in holds if not hold.stretch.paused]
    found: dict[_Account, int | None] = {}
    of_units: list[tuple[MeasuredHold, int]] = []
    for hold in taking_part:
        stretch = hold.stretch
        allotment = None if stretch.step_id is None else allotments.get(stretch.step_id)
        found[hold.account] = allotment
        if allotment is not None and stretch.holder.party.kind is PartyKind.UNIT:
            of_units.append((hold, allotment))
    if of_units:
        uses = _uses(taking_part)
        for hold, allotment in of_units:
            stretch = hold.stretch
            found[hold.account] = uses[stretch.round, stretch.step_id].left_to(stretch.key, allotment)
    return found


def _uses(taking_part: Iterable[MeasuredHold]) -> dict[tuple[int, str | None], _StepUse]:
    """By restarts before it and step id, what each step's allotment is shared by."""
    uses: dict[tuple[int, str | None], _StepUse] = defaultdict(_StepUse)
    for hold in taking_part:
        uses[hold.stretch.round, hold.stretch.step_id].add(hold)
    return uses


def _is_officer(hold: MeasuredHold) -> bool:
    return hold.stretch.holder.party.kind is PartyKind.OFFICER
