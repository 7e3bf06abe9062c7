"""The working calendar: W(t), the working minutes up to t, and its inverse (rule T3)."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from tiendo_domain.calendar.civil_time import working_intervals, year_start_minute
from tiendo_domain.calendar.minutes import EPOCH
from tiendo_domain.calendar.working_time import DAY_MINUTES, EVERY_WEEKDAY, DueOnDayOff, Session, WorkingTime

# W is 0 at the beginning of this year (UTC); cases before it have negative coordinates.
ORIGIN_YEAR = 2020
# Outside of these years no time is working. Events lie in 1970..2199; the rest is for dues that reach beyond.
FIRST_YEAR = 1900
HORIZON_YEAR = 2300
# Ten years without a single working day: there is none to move to.
NEXT_WORKING_DAY_SEARCH_DAYS = 3_660

_FIRST_MINUTE = year_start_minute(FIRST_YEAR)
_HORIZON_MINUTE = year_start_minute(HORIZON_YEAR)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The working intervals of the years [first_year, end_year): [starts[i], ends[i]) in minutes since 1970 in UTC.

    `before[i]` is W(starts[i]). The first interval is empty and lies at the beginning of the first year, so that
    a search always finds one.
    """

    first_year: int
    end_year: int
    first_minute: int
    end_minute: int
    starts: list[int]
    ends: list[int]
    before: list[int]

    @property
    def total(self) -> int:
        """W at the end of the last year."""
        return self.before[-1] + self.ends[-1] - self.starts[-1]


class WorkingCalendar:
    """One version of a calendar, able to count working minutes between instants of the years 1900 to 2299.

    Instants are aware datetimes; results are in the calendar's `zone`. Years are worked out when first asked for, so making one costs nothing.
    From `HORIZON_YEAR` on nothing is working time: a due that is not reached before is the beginning of that year (UTC),
    so a calendar without any working time, or a norm of a million years, gives an answer rather than an endless search.
    `days`: the calendar that says which days are working days, where it is not this one (`every_minute`).
    """

    __slots__ = ("_days", "_table", "version_name", "working_time", "zone")

    def __init__(self, working_time: WorkingTime, version_name: str, days: "WorkingCalendar | None" = None) -> None:
        self.working_time = working_time
        self.version_name = version_name
        self.zone: ZoneInfo = working_time.zone
        self._days = days
        # Replaced as a whole when it grows, never altered: readers in other threads keep theirs.
        self._table = _empty_table()

    @classmethod
    def every_minute(
        cls, zone: ZoneInfo, version_name: str, days: "WorkingCalendar | None" = None
    ) -> "WorkingCalendar":
        """The calendar of procedures in calendar days: 24 hours every day (rule T7).

        What is asked of whole days (working days, their last sessions, what becomes of a due on a day off) is answered by `days`, the calendar
        that the case would have otherwise (rule D5); without it every day is a working day.
        """
        return _every_minute(zone.key, version_name, days)

    @property
    def counts_every_minute(self) -> bool:
        """Whether it counts 24 hours every day in place of the sessions of another (rule T7)."""
        return self._days is not None

    @property
    def due_on_day_off(self) -> DueOnDayOff:
        """What becomes of a due that falls on a day without working time (rule D5)."""
        return (self._days or self).working_time.due_on_day_off

    def coordinate(self, t: datetime) -> int:
        """W(t): the working minutes from the beginning of `ORIGIN_YEAR` (UTC) to `t`, cut to its minute; negative before."""
        since = t - EPOCH
        minute = since.days * 1440 + since.seconds // 60
        table = self._table
        if not table.first_minute <= minute < table.end_minute:
            table = self._covering(minute)
        return _value_at(table, minute)

    def working_minutes(self, start: datetime, end: datetime) -> int:
        """The working minutes in [start, end), both cut to their minute: W(end) - W(start); negative where end is before start."""
        return self.coordinate(end) - self.coordinate(start)

    def due(self, t: datetime, minutes: int) -> datetime:
        """The earliest instant d >= t with W(d) = W(t) + minutes, in the calendar's zone (rule T3); `t` itself for 0 or fewer minutes."""
        if minutes <= 0:
            return t.astimezone(self.zone)
        since = t - EPOCH
        minute = since.days * 1440 + since.seconds // 60
        if minute >= _HORIZON_MINUTE:
            return t.astimezone(self.zone)
        # More minutes than there are: known without counting them.
        if minutes > _HORIZON_MINUTE - minute:
            return self._at(_HORIZON_MINUTE)
        table = self._table
        if not table.first_minute <= minute < table.end_minute:
            table = self._covering(minute)
        target = _value_at(table, minute) + minutes
        if target > table.total:
            table = self._reaching(table, target)
        return self._at(_minute_where(table, target))

    def is_working_day(self, day: date) -> bool:
        """Whether the local date `day` has any session."""
        return (self._days or self).working_time.is_working_day(day)

    def next_working_day(self, day: date) -> date:
        """The first working day from `day` on, `day` included; `day` itself where none comes within ten years."""
        candidate = day
        for _ in range(min(NEXT_WORKING_DAY_SEARCH_DAYS, date.max.toordinal() - day.toordinal() + 1)):
            if self.is_working_day(candidate):
                return candidate
            if candidate < date.max:
                candidate += timedelta(days=1)
        return day

    def end_of_last_session(self, day: date) -> datetime:
        """The instant at which the last session of the local date `day` ends, in the calendar's zone; the day's beginning where it has none.

        A session up to "24:00" ends with the day, at the beginning of the next. `day` lies in the years 1900 to 2299.
        """
        if self._days is not None:
            return self._days.end_of_last_session(day).astimezone(self.zone)
        start = datetime.combine(day, time.min, self.zone)
        return self.due(
            start, self.working_minutes(start, datetime.combine(day + timedelta(days=1), time.min, self.zone))
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkingCalendar):
            return NotImplemented
        mine = (self.version_name, self.working_time, self._days)
        return mine == (other.version_name, other.working_time, other._days)

    def __hash__(self) -> int:
        return hash((self.version_name, self.working_time.zone_name))

    def __repr__(self) -> str:
        return f"WorkingCalendar({self.version_name!r})"

    def _at(self, minute: int) -> datetime:
        return datetime.fromtimestamp(minute * 60, UTC).astimezone(self.zone)

    def _covering(self, minute: int) -> _Table:
        """The table grown to the year of `minute`, or as far as years go."""
        table = self._table
        if minute < table.first_minute:
            year = FIRST_YEAR if minute < _FIRST_MINUTE else _year_of(minute)
            table = _grown_backwards(table, self.working_time, min(year, table.first_year))
        elif minute >= table.end_minute:
            end_year = HORIZON_YEAR if minute >= _HORIZON_MINUTE else _year_of(minute) + 1
            table = _grown_forwards(table, self.working_time, end_year)
        self._table = table
        return table

    def _reaching(self, table: _Table, target: int) -> _Table:
        """The table grown until W reaches `target`, or to the horizon."""
        while table.total < target and table.end_year < HORIZON_YEAR:
            # A quarter at a time, so that a far due does not copy the table for every year.
            years = max(1, (table.end_year - table.first_year) // 4)
            table = _grown_forwards(table, self.working_time, min(table.end_year + years, HORIZON_YEAR))
        self._table = table
        return table


def _value_at(table: _Table, minute: int) -> int:
    """W at `minute`; before the table's first year W of its beginning, after its last that of its end."""
    index = bisect_right(table.starts, minute) - 1
    if index < 0:
        return table.before[0]
    start, end = table.starts[index], table.ends[index]
    return table.before[index] + ((min(end, minute)) - start)


def _minute_where(table: _Table, target: int) -> int:
    """The earliest minute at which W is `target`, which lies above W of the table's beginning; the horizon where W ends below."""
    if target > table.total:
        return _HORIZON_MINUTE
    index = bisect_left(table.before, target) - 1
    return table.starts[index] + target - table.before[index]


def _year_of(minute: int) -> int:
    return datetime.fromtimestamp(minute * 60, UTC).year


def _empty_table() -> _Table:
    minute = year_start_minute(ORIGIN_YEAR)
    return _Table(
        first_year=ORIGIN_YEAR,
        end_year=ORIGIN_YEAR,
        first_minute=minute,
        end_minute=minute,
        starts=[minute],
        ends=[minute],
        before=[0],
    )


def _grown_forwards(table: _Table, working_time: WorkingTime, end_year: int) -> _Table:
    starts, ends, before = list(table.starts), list(table.ends), list(table.before)
    total = table.total
    for year in range(table.end_year, end_year):
        for start, end in working_intervals(working_time, year):
            starts.append(start)
            ends.append(end)
            before.append(total)
            total += end - start
    return _Table(
        first_year=table.first_year,
        end_year=end_year,
        first_minute=table.first_minute,
        end_minute=year_start_minute(end_year),
        starts=starts,
        ends=ends,
        before=before,
    )


def _grown_backwards(table: _Table, working_time: WorkingTime, first_year: int) -> _Table:
    added = [
        interval for year in range(first_year, table.first_year) for interval in working_intervals(working_time, year)
    ]
    first_minute = year_start_minute(first_year)
    value = table.before[0] - sum(end - start for start, end in added)
    starts, ends, before = [first_minute], [first_minute], [value]
    for start, end in added:
        starts.append(start)
        ends.append(end)
        before.append(value)
        value += end - start
    return _Table(
        first_year=first_year,
        end_year=table.end_year,
        first_minute=first_minute,
        end_minute=table.end_minute,
        starts=starts + table.starts[1:],
        ends=ends + table.ends[1:],
        before=before + table.before[1:],
    )


@lru_cache(maxsize=1024)
def _every_minute(zone_name: str, version_name: str, days: WorkingCalendar | None) -> WorkingCalendar:
    all_day = Session(weekdays=EVERY_WEEKDAY, from_minute=0, to_minute=DAY_MINUTES)
    return WorkingCalendar(WorkingTime(zone_name=zone_name, sessions=frozenset({all_day})), version_name, days)
