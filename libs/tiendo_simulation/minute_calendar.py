"""A calendar counted minute by minute: one byte for every minute of two and a half years of local time in Viet Nam.

It shares nothing with the product's calendar, which it is there to check. Minutes count from `FIRST_DAY` at 00:00, Asia/Ho_Chi_Minh,
whose clock has not changed since 1975.
"""

from array import array
from datetime import date, timedelta
from itertools import accumulate, compress

import holidays

FIRST_DAY = date(2021, 1, 1)
END_DAY = date(2023, 7, 1)
DAY = 1440
OFFSET = "+07:00"

_SESSIONS = ((7 * 60, 11 * 60 + 30), (13 * 60 + 30, 17 * 60))
_SATURDAY = 5
_DAYS = [FIRST_DAY + timedelta(days=number) for number in range((END_DAY - FIRST_DAY).days)]
_DAY_TEXTS = [day.isoformat() for day in _DAYS]
_TIME_TEXTS = [f"T{minute // 60:02}:{minute % 60:02}:" for minute in range(DAY)]
_SECOND_TEXTS = [f"{second:02}{OFFSET}" for second in range(60)]


class MinuteCalendar:
    """Which minutes are working time: 1 or 0 for each, from `FIRST_DAY` on. `days` says which days are days off, where it is not this one."""

    __slots__ = ("_before", "_days", "_minutes", "_working")

    def __init__(self, minutes: bytes, days: "MinuteCalendar | None" = None) -> None:
        self._days = days
        self._minutes = minutes
        self._before = array("i", accumulate(minutes, initial=0))
        self._working = array("i", compress(range(len(minutes)), minutes))

    def count(self, start: int, end: int) -> int:
        """The working minutes of [start, end), looked at one by one."""
        return self._minutes.count(1, start, end) if start < end else 0

    def after(self, start: int, minutes: int) -> int:
        """The earliest minute from `start` on by which `minutes` working minutes have gone by; found by walking."""
        minute, left = start, minutes
        while minute < len(self._minutes) and left > (passed := self.count(minute, minute + DAY)):
            minute, left = minute + DAY, left - passed
        while left > 0:
            left -= self._minutes[minute]
            minute += 1
        return minute

    def works_on(self, minute: int) -> bool:
        """Whether the local day of `minute` has working time."""
        midnight = minute - minute % DAY
        return self._minutes.count(1, midnight, midnight + DAY) > 0

    def carried(self, due: int) -> int:
        """A due; of one on a day off what it means: the end of the last session of the next working day (Civil Code, article 148)."""
        if self._days is not None:
            return self._days.carried(due)
        if self.works_on(due):
            return due
        midnight = due - due % DAY
        while not self.works_on(midnight):
            midnight += DAY
        return self._minutes.rindex(1, midnight, midnight + DAY) + 1

    def coordinate(self, minute: int) -> int:
        """How many working minutes lie before `minute`: for planning."""
        return self._before[minute]

    def instant(self, coordinate: int) -> int:
        """The working minute before which `coordinate` others lie: for planning."""
        return self._working[coordinate]

    def reached(self, coordinate: int) -> int:
        """The earliest minute before which `coordinate` working minutes lie: for planning dues."""
        return self._working[coordinate - 1] + 1


def office_calendar() -> MinuteCalendar:
    """Monday to Friday 07:00-11:30 and 13:30-17:00, without the public holidays of Viet Nam and their observed days."""
    free = frozenset(holidays.country_holidays("VN", years=range(FIRST_DAY.year, END_DAY.year + 1)))
    minutes = bytearray(DAY * len(_DAYS))
    for number, day in enumerate(_DAYS):
        if day.weekday() < _SATURDAY and day not in free:
            for start, end in _SESSIONS:
                for minute in range(start, end):
                    minutes[number * DAY + minute] = 1
    return MinuteCalendar(bytes(minutes))


def every_minute_calendar(office: MinuteCalendar) -> MinuteCalendar:
    """All 24 hours of every day: for procedures whose norm is in calendar days; the office's days off are its days off."""
    return MinuteCalendar(b"\x01" * (DAY * len(_DAYS)), office)


def minute_of(day: date, minute_of_day: int = 0) -> int:
    """The minute of a local date and time of day."""
    return (day - FIRST_DAY).days * DAY + minute_of_day


def instant_text(minute: int, second: int = 0) -> str:
    """RFC 3339 with the offset of Viet Nam."""
    day, minute_of_day = divmod(minute, DAY)
    return _DAY_TEXTS[day] + _TIME_TEXTS[minute_of_day] + _SECOND_TEXTS[second]


def day_code(minute: int) -> str:
    """The local date as `yymmdd`, as case codes carry it."""
    text = _DAY_TEXTS[minute // DAY]
    return text[2:4] + text[5:7] + text[8:10]
