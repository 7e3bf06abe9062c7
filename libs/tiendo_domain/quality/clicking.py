"""Completions clicked one after the other when the day or the month ends."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.quality.thresholds import THRESHOLDS, Thresholds
from tiendo_domain.timeline_types import CaseTimeline, PartyKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Clicks:
    """How many cases the officer of this key completed in a minute (since the epoch, UTC) near the end of a day or month."""

    officer: str
    minute: int
    cases: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Burst:
    """At least `burst_cases` completions of one officer within `burst_minutes`, with those that follow on them: [first_minute, last_minute]."""

    officer: str
    first_minute: int
    last_minute: int
    cases: int


def closing_officer(timeline: CaseTimeline, thresholds: Thresholds = THRESHOLDS) -> str | None:
    """The key of the officer who completed the case near the end of a day or month; None for any other case.

    That is whoever held it last before its finish, unless a unit or somebody outside did; who is unknown is passed over, since a source that tells
    who worked until when names nobody for the time after it (rule H12).
    """
    if timeline.completed_at is None or not is_closing(timeline.completed_at.at, timeline.calendar, thresholds):
        return None
    for hold in reversed(timeline.holds):
        if hold.party.kind is PartyKind.OFFICER:
            return hold.party.key
        if hold.party.kind is not PartyKind.UNKNOWN:
            return None
    return None


def is_closing(at: datetime, calendar: WorkingCalendar, thresholds: Thresholds = THRESHOLDS) -> bool:
    """Whether at most `closing_minutes` of working time are left of the local day, or none of the month after it; days off are wholly so."""
    day = at.astimezone(calendar.zone).date()
    tomorrow = datetime.combine(day + timedelta(days=1), time.min, calendar.zone)
    if calendar.working_minutes(at, tomorrow) <= thresholds.closing_minutes:
        return True
    next_month = datetime.combine((day.replace(day=1) + timedelta(days=32)).replace(day=1), time.min, calendar.zone)
    return calendar.working_minutes(tomorrow, next_month) == 0


def bursts(clicks: Iterable[Clicks], thresholds: Thresholds = THRESHOLDS) -> list[Burst]:
    """The bursts among the clicks, given in any order, each officer and minute once or in parts; by officer, then by time."""
    by_officer: dict[str, dict[int, int]] = {}
    for click in clicks:
        minutes = by_officer.setdefault(click.officer, {})
        minutes[click.minute] = minutes.get(click.minute, 0) + click.cases
    return [
        Burst(
            officer=officer,
            first_minute=found[0],
            last_minute=found[-1],
            cases=sum(by_officer[officer][minute] for minute in found),
        )
        for officer in sorted(by_officer)
        for found in _runs(by_officer[officer], thresholds)
    ]


def _runs(cases: dict[int, int], thresholds: Thresholds) -> Iterator[Sequence[int]]:
    """The minutes that lie in a window of `burst_minutes` with enough cases, joined where such windows overlap."""
    minutes = sorted(cases)
    run: tuple[int, int] | None = None
    first = total = 0
    for last, minute in enumerate(minutes):
        total += cases[minute]
        while minutes[first] <= minute - thresholds.burst_minutes:
            total -= cases[minutes[first]]
            first += 1
        if total < thresholds.burst_cases:
            continue
        if run is not None and first > run[1]:
            yield minutes[run[0] : run[1] + 1]
            run = None
        run = (first if run is None else run[0], last)
    if run is not None:
        yield minutes[run[0] : run[1] + 1]
