"""Whose share of the lateness is whose (rules A1 to A6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from tests.domain.reference.counting import MinuteCalendar
from tests.domain.reference.parties import ORGANISATION, Identity, Party, unit_identity
from tests.domain.reference.reading import Event

Plain = dict[str, Any]
Account = tuple[int, Identity, str | None]

PERSONS = {"officer", "unknown"}


@dataclass
class Row:
    """A hold while it is counted: [start, end) in minutes; `era` counts the restarts before it (rule A1)."""

    party: Party
    step: str | None
    paused: bool
    start: int
    end: int
    working: int
    era: int
    events: list[Event]
    absent: bool = False
    allotted: int | None = None
    overrun: int | None = None
    lateness_in: int | None = None
    lateness_out: int | None = None

    @property
    def account(self) -> Account:
        """The account to which the hold belongs: one party's time in one step."""
        return self.era, self.party.identity, self.step


def allotment_of(row: Row, rows: Sequence[Row], allotments: dict[str, int]) -> int | None:
    """What the account of `row` has in the whole case; None where nothing is allotted (rules A1, H10)."""
    full = allotments.get(row.step) if row.step is not None else None
    if full is None or row.party.kind != "unit":
        return full
    in_step = [other for other in rows if other.step == row.step and other.era == row.era and not other.paused]
    queues = {other.party.identity for other in in_step if other.party.kind == "unit" and not other.absent}
    own = row.party.identity
    if queues - {own}:
        return full
    persons = [other for other in in_step if other.party.kind in PERSONS and (own in queues or is_of(other, own))]
    return max(0, full - sum(other.working for other in persons))


def is_of(row: Row, unit: Identity) -> bool:
    """Whether an officer is the unit's own by the hold's event. Reading: unknown holders are everybody's, whatever unit was kept for them."""
    if row.party.kind == "unknown":
        return True
    return row.party.unit is not None and unit_identity("unit", row.party.unit) == unit


def step_norm_applies(rows: Sequence[Row], allotments: dict[str, int], era: int) -> bool:
    """Whether rule A3 applies: an officer worked on the case, and every such hold has an allotment."""
    worked = [row for row in rows if row.party.kind == "officer" and row.working and not row.paused and row.era == era]
    return bool(worked) and all(allotment_of(row, rows, allotments) is not None for row in worked)


def fill_rows(rows: Sequence[Row], allotments: dict[str, int]) -> None:
    """Allotment left at each hold's start, and overrun (rule A2). Where nothing is allotted all working time is overrun (rule A3)."""
    used: dict[Account, int] = {}
    for row in rows:
        if row.paused:
            continue
        whole = allotment_of(row, rows, allotments)
        if whole is not None:
            row.allotted = max(0, whole - used.get(row.account, 0))
        if whole is not None or row.party.kind != "officer":
            row.overrun = max(0, row.working - (row.allotted or 0))
        used[row.account] = used.get(row.account, 0) + row.working


def overrun_after_due(rows: Sequence[Row], late_from: int | None, calendar: MinuteCalendar) -> None:
    """Where nothing is allotted, the overrun of after-due is the part of the lateness in the hold (rule A4)."""
    for row in rows:
        if not row.paused and row.allotted is None:
            row.overrun = 0 if late_from is None else late_minutes(row, late_from, calendar)


def hand_lateness_on_by_norm(rows: Sequence[Row], allotments: dict[str, int]) -> None:
    """`lateness_in` and `lateness_out` of step-norm (rule A6)."""
    lag, era = 0, 0
    begun: set[Account] = set()
    for row in rows:
        if row.era != era:
            lag, era = 0, row.era
        row.lateness_in = lag
        if not row.paused and row.working:
            lag += row.working
            if row.account not in begun:
                begun.add(row.account)
                lag -= allotment_of(row, rows, allotments) or 0
        row.lateness_out = lag


def late_minutes(row: Row, late_from: int, calendar: MinuteCalendar) -> int:
    """The working minutes of the hold from `late_from` on during which the clock ran."""
    return 0 if row.paused else calendar.count(max(row.start, late_from), row.end)


def hand_lateness_on_after_due(rows: Sequence[Row], due: int, calendar: MinuteCalendar) -> None:
    """`lateness_in` and `lateness_out` elsewhere: unpaused working minutes past the judged due (rule A6)."""
    past = 0
    for row in rows:
        row.lateness_in = past
        past += late_minutes(row, due, calendar)
        row.lateness_out = past


def shares_by_norm(rows: Sequence[Row], lateness: int, era: int) -> list[tuple[Party, int, list[Row]]]:
    """Party, minutes and the holds that count, of step-norm (rule A3)."""
    part = [row for row in rows if not row.paused and row.era == era]
    holds: dict[Identity, list[Row]] = {}
    for row in part:
        holds.setdefault(row.party.identity, []).append(row)
    overruns = {identity: sum(row.overrun or 0 for row in own) for identity, own in holds.items()}
    total = sum(overruns.values())
    shares = []
    for identity, own in holds.items():
        overrun = overruns[identity]
        minutes = overrun if total <= lateness else overrun * lateness // total
        shares.append((last_seen(identity, rows), minutes, own))
    left = lateness - sum(minutes for _, minutes, _ in shares)
    return [*shares, (ORGANISATION, left, part)]


def shares_after_due(
    rows: Sequence[Row], late_from: int, calendar: MinuteCalendar
) -> list[tuple[Party, int, list[Row]]]:
    """Party, minutes and the holds that count, of after-due (rule A4)."""
    late: dict[Identity, list[Row]] = {}
    for row in rows:
        if late_minutes(row, late_from, calendar):
            late.setdefault(row.party.identity, []).append(row)
    return [
        (
            last_seen(identity, rows),
            sum(late_minutes(row, late_from, calendar) for row in own),
            own,
        )
        for identity, own in late.items()
    ]


def last_seen(identity: Identity, rows: Sequence[Row]) -> Party:
    """The party with the name, position and unit of its last hold (rule A5)."""
    return [row.party for row in rows if row.party.identity == identity][-1]


def ranked(shares: Sequence[tuple[Party, int, list[Row]]]) -> list[tuple[Party, int, list[Row]]]:
    """The rows of rule A5: most minutes first, ties by kind and id, none of 0 minutes."""
    kept = [share for share in shares if share[1] > 0]
    return sorted(kept, key=lambda share: (-share[1], share[0].kind, share[0].id or "", share[0].name or ""))
