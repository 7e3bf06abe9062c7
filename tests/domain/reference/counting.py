"""Working minutes counted one by one: a byte a minute, 1 where the minute is working time (rules T2, T3, T7).

Minutes are numbered from 1970-01-01T00:00 in UTC. Nothing here knows a coordinate W(t): a duration is the number of working bytes between two
minutes, a due instant is found by walking from one working minute to the next.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY = 1440
# A due that is not reached within this many days is not what the reference is for.
SEARCH_DAYS_MAX = 4_000

Plain = dict[str, Any]


def cut(t: datetime) -> int:
    """The minute in which an event lies (rule T2: cut)."""
    return (t - EPOCH) // timedelta(minutes=1)


def rounded_up(t: datetime) -> int:
    """The minute of a due (rule T2: rounded up)."""
    return -((EPOCH - t) // timedelta(minutes=1))


class MinuteCalendar:
    """Which minutes are working time, by looking at each of them.

    `plain`: `{"zone", "sessions": [{"weekdays", "from", "to", "valid_from", "valid_to"}], "days_off": [date], "overrides": {date: "off"|"working"}}`
    with minutes from local midnight and `datetime.date`s.
    """

    def __init__(self, plain: Plain) -> None:
        self.zone = ZoneInfo(plain["zone"])
        self._plain = plain
        self._days: dict[int, bytes] = {}
        self._local_days: dict[date, bytes] = {}

    def count(self, start: int, end: int) -> int:
        """The working minutes in [start, end); 0 where end is not after start."""
        total = 0
        for day in range(start // DAY, (end - 1) // DAY + 1 if end > start else start // DAY):
            first = max(start - day * DAY, 0)
            last = min(end - day * DAY, DAY)
            total += self._day(day).count(1, first, last)
        return total

    def due(self, start: int, minutes: int) -> int:
        """The earliest minute d >= start with `minutes` working minutes in [start, d)."""
        position, left = start, minutes
        while left > 0:
            day, first = divmod(position, DAY)
            assert day - start // DAY < SEARCH_DAYS_MAX, "the reference looks no further"
            found = self._day(day).find(1, first)
            if found < 0:
                position = (day + 1) * DAY
            else:
                left -= 1
                position = day * DAY + found + 1
        return position

    def instant(self, minute: int) -> datetime:
        """The minute as an instant in the calendar's zone."""
        return (EPOCH + timedelta(minutes=minute)).astimezone(self.zone)

    def is_working_day(self, day: date) -> bool:
        """Whether the local date has any working minute."""
        return 1 in self._local_day(day)

    def end_of_next_working_day(self, day: date) -> datetime:
        """The end of the last session of the first working day after the local date (rule D5)."""
        for _ in range(SEARCH_DAYS_MAX):
            day += timedelta(days=1)
            if self.is_working_day(day):
                return self.instant(self._last_working_minute(day) + 1)
        raise AssertionError("the reference looks no further")

    def _last_working_minute(self, day: date) -> int:
        """The last minute of the local date that is working time, looked for in the day and a half around it."""
        noon = cut(datetime.combine(day, time(12), tzinfo=self.zone))
        working = [
            minute
            for minute in range(noon - DAY, noon + DAY)
            if self._is_working(minute) and self.instant(minute).date() == day
        ]
        return working[-1]

    def _day(self, day: int) -> bytes:
        if day not in self._days:
            self._days[day] = bytes(self._is_working(day * DAY + minute) for minute in range(DAY))
        return self._days[day]

    def _is_working(self, minute: int) -> int:
        local = (EPOCH + timedelta(minutes=minute)).astimezone(self.zone)
        return self._local_day(local.date())[local.hour * 60 + local.minute]

    def _local_day(self, day: date) -> bytes:
        """The minutes of a local day by the clock on the wall."""
        if day not in self._local_days:
            self._local_days[day] = self._sessions_on(day)
        return self._local_days[day]

    def _sessions_on(self, day: date) -> bytes:
        override = self._plain["overrides"].get(day)
        if override == "off" or (override is None and day in self._plain["days_off"]):
            return bytes(DAY)
        minutes = self._sessions_of(day.isoweekday(), day)
        if override == "working" and 1 not in minutes:
            return self._sessions_of(1, day)
        return minutes

    def _sessions_of(self, weekday: int, day: date) -> bytes:
        minutes = bytearray(DAY)
        for session in self._plain["sessions"]:
            begun = session.get("valid_from") is None or session["valid_from"] <= day
            over = session.get("valid_to") is not None and session["valid_to"] < day
            if weekday in session["weekdays"] and begun and not over:
                for minute in range(session["from"], session["to"]):
                    minutes[minute] = 1
        return bytes(minutes)


EVERY_MINUTE: Sequence[Plain] = ({"weekdays": [1, 2, 3, 4, 5, 6, 7], "from": 0, "to": DAY},)

_calendars: dict[str, MinuteCalendar] = {}


def minute_calendar(plain: Plain, *, calendar_days: bool) -> MinuteCalendar:
    """The calendar of a case: the given one, or 24 hours every day in its zone (rule T7). Equal ones are counted once."""
    if calendar_days:
        plain = {"zone": plain["zone"], "sessions": list(EVERY_MINUTE), "days_off": [], "overrides": {}}
    key = repr(sorted((name, str(value)) for name, value in plain.items()))
    if key not in _calendars:
        _calendars[key] = MinuteCalendar(plain)
    return _calendars[key]
