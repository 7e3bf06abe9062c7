"""Accounts: one party's time in one step, against the step's allotment (rules A1, A2, A6)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiendo_domain.timeline.measured import MeasuredHold
from tiendo_domain.timeline_types import PartyKind

_Account = tuple[int, str, str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
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
        lag_in = lag if hold.stretch.round == last_round else 0
        lag, last_round = lag_in, hold.stretch.round
        if hold.stretch.paused:
            written.append(Row(allotted_minutes=None, overrun_minutes=None, lag_in=lag_in, lag_out=lag))
            continue
        account = _account(hold)
        if hold.working_minutes:
            lag += hold.working_minutes - (left[account] if account in unopened else 0)
            unopened.discard(account)
        stated = allotted[account]
        overrun = max(0, hold.working_minutes - left[account])
        written.append(
            Row(
                allotted_minutes=None if stated is None else left[account],
                overrun_minutes=None if stated is None and _is_officer(hold) else overrun,
                lag_in=lag_in,
                lag_out=lag,
            )
        )
        left[account] = max(0, left[account] - hold.working_minutes)
    return written


def _allotted(holds: Sequence[MeasuredHold], allotments: Mapping[str, int]) -> dict[_Account, int | None]:
    """What each account has for its step, None where nothing is allotted."""
    held_by_people: dict[tuple[int, str | None], int] = defaultdict(int)
    queues: dict[tuple[int, str | None], set[str]] = defaultdict(set)
    taking_part = [hold for hold in holds if not hold.stretch.paused]
    for hold in taking_part:
        step = (hold.stretch.round, hold.stretch.step_id)
        match hold.stretch.holder.party.kind:
            case PartyKind.OFFICER | PartyKind.UNKNOWN:
                held_by_people[step] += hold.working_minutes
            case PartyKind.UNIT:
                queues[step].add(hold.stretch.key)
            case _:
                pass
    found: dict[_Account, int | None] = {}
    for hold in taking_part:
        step = (hold.stretch.round, hold.stretch.step_id)
        allotment = None if hold.stretch.step_id is None else allotments.get(hold.stretch.step_id)
        if allotment is not None and hold.stretch.holder.party.kind is PartyKind.UNIT and len(queues[step]) == 1:
            # A queue has what those who picked the case up leave it, also those who come later.
            allotment = max(0, allotment - held_by_people[step])
        found[_account(hold)] = allotment
    return found


def _account(hold: MeasuredHold) -> _Account:
    return hold.stretch.round, hold.stretch.key, hold.stretch.step_id


def _is_officer(hold: MeasuredHold) -> bool:
    return hold.stretch.holder.party.kind is PartyKind.OFFICER
