"""The course of a period: cases received and finished from stretch to stretch, and the hours of the week at which they are finished."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tiendo_domain.overdue import OVERDUE_CLASSES
from tiendo_query.breakdowns.period_sums import AskedTime, summed
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import FIRST_INSTANT
from tiendo_query.sums.grouped_sums import Sums
from tiendo_read_models.queries.course_of_time import FinishedOn, ReceivedOn, count_days
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import CountedUnits

_BY_DAY_MAX: Final = 62
_BY_WEEK_MAX: Final = 62 * 7
_BY_MONTH_MAX: Final = 62 * 31
_MONTHS: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseDays:
    """Some days of the period, both inclusive: cases received, resolved, and of these overdue by class."""

    first: date
    last: date
    received: int
    resolved: int
    by_class: Counter[str]

    @property
    def overdue(self) -> int:
        """Resolved and overdue (rule C)."""
        return sum(self.by_class[overdue.value] for overdue in OVERDUE_CLASSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class HourOfWeek:
    """An ISO weekday and a local hour: cases whose finish was recorded then, and of these the overdue ones."""

    weekday: int
    hour: int
    resolved: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyCourse:
    """The stretches without a gap, and the hours at which anything was finished."""

    stretches: tuple[CourseDays, ...]
    hours: tuple[HourOfWeek, ...]


async def day_sums(side: QuerySide, snapshot: Snapshot, asked: AskedTime) -> Sums:
    """The sums of `count_days` over the period, of all units."""
    return (await summed(side, snapshot, asked, "days", count_days, where_folded="TRUE")).total


def shown_days(period: Period, sums: Sums, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last local day of the period; of one without a beginning from the first on which anything was counted."""
    last = period.last_moment.astimezone(zone).date()
    if period.start > FIRST_INSTANT:
        return period.start.astimezone(zone).date(), last
    days = [date.fromisoformat(key.day) for key in sums if isinstance(key, ReceivedOn | FinishedOn)]
    return min(days, default=last), last


def daily_course(sums: Sums, first: date, last: date, units: CountedUnits | None = None) -> DailyCourse:
    """The course from day to day; of longer periods by weeks from Monday on, then by months, then by years, at their ends cut by the period."""
    received, resolved = Counter[date](), Counter[date]()
    classes: dict[date, Counter[str]] = defaultdict(Counter)
    hours: dict[tuple[int, int], list[int]] = defaultdict(lambda: [0, 0])
    for key, (cases,) in sums.items():
        if not isinstance(key, ReceivedOn | FinishedOn) or not (units is None or units.holds(key.unit_id, key.span)):
            continue
        day = date.fromisoformat(key.day)
        if isinstance(key, ReceivedOn):
            received[day] += cases
            continue
        resolved[day] += cases
        classes[day][key.case_class or ""] += cases
        at_hour = hours[day.isoweekday(), key.hour]
        at_hour[0] += cases
        at_hour[1] += cases if key.case_class in OVERDUE_CLASSES else 0
    return DailyCourse(
        stretches=tuple(
            CourseDays(
                first=begin,
                last=end,
                received=sum(received[day] for day in _days(begin, end)),
                resolved=sum(resolved[day] for day in _days(begin, end)),
                by_class=sum((classes[day] for day in _days(begin, end) if day in classes), Counter[str]()),
            )
            for begin, end in _stretches(first, last)
        ),
        hours=tuple(
            HourOfWeek(weekday=weekday, hour=hour, resolved=numbers[0], overdue=numbers[1])
            for (weekday, hour), numbers in sorted(hours.items())
        ),
    )


def _days(first: date, last: date) -> Iterator[date]:
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def _stretches(first: date, last: date) -> Iterator[tuple[date, date]]:
    length, begin = (last - first).days + 1, first
    while begin <= last:
        if length <= _BY_DAY_MAX:
            end = begin
        elif length <= _BY_WEEK_MAX:
            end = begin + timedelta(days=7 - begin.isoweekday())
        elif length > _BY_MONTH_MAX:
            end = date(begin.year, _MONTHS, 31)
        else:
            year, month = begin.year + begin.month // _MONTHS, begin.month % _MONTHS + 1
            end = date(year, month, 1) - timedelta(days=1)
        yield begin, min(end, last)
        begin = end + timedelta(days=1)
