"""Who truly caused how many minutes: counted minute by minute from the conduct itself, never from events.

Nothing here knows the product. What a person who watched every desk with a clock would write down is divided by the published rules:
accounts by party and step, overruns, shares in proportion, the rest to the organisation; or the minutes after the due.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tiendo_simulation.catalogue import PauseMode
from tiendo_simulation.conduct import Conduct, Extension, Pause, TrueStretch
from tiendo_simulation.minute_calendar import DAY, MinuteCalendar
from tiendo_simulation.organisation import Kind, Party
from tiendo_simulation.quotas import Fate

PartyKey = tuple[Kind, str | None]
Account = tuple[int, PartyKey, str | None]
_NOBODYS = (Kind.APPLICANT, Kind.SUSPENSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is true of a case at its end, or at `as_of` while it is open; minutes are working minutes."""

    judged_due: int
    overdue: bool
    lateness: int
    late_entry: int
    late_entry_party: PartyKey | None
    policy: str
    shares: Mapping[PartyKey, int]
    held: Mapping[tuple[PartyKey, str | None], int]


def true_case(conduct: Conduct, fate: Fate, calendar: MinuteCalendar, as_of: int) -> Truth:
    """The truth of one case, as of the minute `as_of` if it is open."""
    ending = conduct.ending
    end, second = (as_of, 0) if ending is None else (ending.minute, ending.second)
    due = judged_due(conduct, calendar)
    overdue = (end, second) > (due, 0)
    working = [stretch for stretch in conduct.stretches if not stretch.paused]
    lateness = sum(calendar.count(max(stretch.start, due), stretch.end) for stretch in working) if overdue else 0
    policy, shares = _shares(working, due, lateness, calendar)
    late_entry, party = 0, None
    if ending is not None and fate in {Fate.LATE_ENTRY, Fate.UNPROVEN}:
        late_entry = calendar.count(due, ending.recorded // 60)
        party = _key(conduct.stretches[-1].party)
    return Truth(
        judged_due=due,
        overdue=overdue,
        lateness=lateness,
        late_entry=late_entry,
        late_entry_party=party,
        policy=policy,
        shares=shares,
        held=_held(conduct.stretches, calendar),
    )


def judged_due(conduct: Conduct, calendar: MinuteCalendar) -> int:
    """The due against which the case is judged, after all pauses and the first extension."""
    due = calendar.carried(conduct.due)
    norm = calendar.count(conduct.received, due)
    changes: list[Pause | Extension] = [*conduct.pauses, *conduct.extensions[:1]]
    for change in sorted(changes, key=_place):
        if _place(change) > (due, 0):
            continue
        match change:
            case Extension():
                due = calendar.carried(change.due)
            case Pause():
                due = max(_moved(due, change, norm, calendar), calendar.carried(change.stated_due or 0))
    return due


def _place(change: Pause | Extension) -> tuple[int, int]:
    return (change.start if isinstance(change, Pause) else change.minute, change.second)


def _moved(due: int, pause: Pause, norm: int, calendar: MinuteCalendar) -> int:
    """The due after a pause that began by it; never an earlier one."""
    match pause.mode:
        case PauseMode.SUSPEND:
            return calendar.carried(calendar.after(due, calendar.count(pause.start, pause.end)))
        case PauseMode.RESTART:
            return max(due, calendar.carried(calendar.after(pause.end, norm)))
        case PauseMode.SHIFT:
            return calendar.carried(due + (pause.end // DAY - pause.start // DAY) * DAY)


def _shares(
    working: list[TrueStretch], due: int, lateness: int, calendar: MinuteCalendar
) -> tuple[str, dict[PartyKey, int]]:
    """The policy that applies, and what each party bears of the lateness."""
    era = max((stretch.era for stretch in working), default=0)
    counted = [stretch for stretch in working if stretch.era == era]
    by_officers = [
        stretch
        for stretch in counted
        if stretch.party.kind is Kind.OFFICER and calendar.count(stretch.start, stretch.end)
    ]
    if by_officers and all(_allotted(stretch) is not None for stretch in by_officers):
        return "step-norm/1", _in_proportion(_overruns(counted, calendar), lateness)
    after: dict[PartyKey, int] = {}
    for stretch in working:
        minutes = calendar.count(max(stretch.start, due), stretch.end) if lateness else 0
        after[_key(stretch.party)] = after.get(_key(stretch.party), 0) + minutes
    return "after-due/1", {party: minutes for party, minutes in after.items() if minutes}


def _in_proportion(overruns: Mapping[PartyKey, int], lateness: int) -> dict[PartyKey, int]:
    whole = sum(overruns.values())
    shares = {
        party: overrun if whole <= lateness else overrun * lateness // whole for party, overrun in overruns.items()
    }
    shares[Kind.ORGANISATION, None] = lateness - sum(shares.values())
    return {party: minutes for party, minutes in shares.items() if minutes}


def _overruns(counted: list[TrueStretch], calendar: MinuteCalendar) -> dict[PartyKey, int]:
    """What each party took beyond its allotments, summed over its steps; time in hand in one step mends nothing in another."""
    taken: dict[Account, int] = {}
    allotments: dict[Account, int] = {}
    for stretch in counted:
        account = (stretch.era, _key(stretch.party), _step(stretch))
        taken[account] = taken.get(account, 0) + calendar.count(stretch.start, stretch.end)
        allotments[account] = _allotted(stretch) or 0
    overruns: dict[PartyKey, int] = {}
    for account, minutes in taken.items():
        allotment = _left_by_officers(account, allotments[account], taken)
        overruns[account[1]] = overruns.get(account[1], 0) + max(0, minutes - allotment)
    return overruns


def _left_by_officers(account: Account, allotment: int, taken: Mapping[Account, int]) -> int:
    """What a queue may use of a step's allotment: what those who worked on the step leave of it, if it is the only queue there."""
    era, (kind, _), step = account
    if kind is not Kind.UNIT or step is None:
        return allotment
    same_step = [other for other in taken if other[0] == era and other[2] == step]
    queues = [other for other in same_step if other[1][0] is Kind.UNIT]
    workers = [other for other in same_step if other[1][0] in {Kind.OFFICER, Kind.UNKNOWN}]
    if not workers or len(queues) > 1:
        return allotment
    return max(0, allotment - sum(taken[other] for other in workers))


def _held(stretches: Iterable[TrueStretch], calendar: MinuteCalendar) -> dict[tuple[PartyKey, str | None], int]:
    held: dict[tuple[PartyKey, str | None], int] = {}
    for stretch in stretches:
        key = (_key(stretch.party), None if stretch.paused else _step(stretch))
        held[key] = held.get(key, 0) + calendar.count(stretch.start, stretch.end)
    return {key: minutes for key, minutes in held.items() if minutes}


def _key(party: Party) -> PartyKey:
    return (party.kind, None if party.kind in _NOBODYS else party.id)


def _step(stretch: TrueStretch) -> str | None:
    return None if stretch.step is None else stretch.step.id


def _allotted(stretch: TrueStretch) -> int | None:
    return None if stretch.step is None else stretch.step.allotted
