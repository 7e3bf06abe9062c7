"""What a calendar means: its zone, sessions, days off, make-up days and overrides (rules T7, D5, R)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from zoneinfo import ZoneInfo

DAY_MINUTES = 1440
MONDAY = 1
EVERY_WEEKDAY = frozenset(range(1, 8))


class OverrideKind(StrEnum):
    """What an override makes of a date."""

    OFF = "off"
    WORKING = "working"


class DueOnDayOff(StrEnum):
    """What becomes of a due that falls on a day without working time (rule D5)."""

    NEXT_WORKING_DAY = "next-working-day"
    AS_STATED = "as-stated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Working time on some weekdays, [from_minute, to_minute) of the local day.

    `weekdays` are ISO numbers (1 = Monday). Minutes count from local midnight, 0 <= from < to <= 1440.
    `valid_from` and `valid_to` are local dates, both inclusive; None: without limit.
    """

    weekdays: frozenset[int]
    from_minute: int
    to_minute: int
    valid_from: date | None = None
    valid_to: date | None = None

    def valid_on(self, day: date) -> bool:
        """Whether the session's season includes the local date `day`."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, kw_only=True)
class WorkingTime:
    """The working time of a calendar, as a value: two calendars of equal working time count alike.

    `overrides` holds one pair a date. An override decides before a make-up day, that before a day off, a day off before the sessions.
    """

    zone_name: str
    sessions: frozenset[Session]
    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    overrides: frozenset[tuple[date, OverrideKind]] = frozenset()
    due_on_day_off: DueOnDayOff = DueOnDayOff.AS_STATED

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the sessions and dates are meant."""
        return ZoneInfo(self.zone_name)

    def sessions_on(self, day: date) -> tuple[tuple[int, int], ...]:
        """The union of the sessions of the local date `day`, as rising [from, to) in minutes from local midnight.

        A day that an override or a swap makes working has the sessions of its own weekday, else those of Monday (rule T7, section R).
        """
        kind = self._kinds.get(day)
        made_working = kind is OverrideKind.WORKING or (kind is None and day in self.make_up_days)
        if kind is OverrideKind.OFF or (day in self.days_off and not made_working):
            return ()
        own = self._sessions_of(day.isoweekday(), day)
        if made_working and not own:
            return self._sessions_of(MONDAY, day)
        return own

    def is_working_day(self, day: date) -> bool:
        """Whether the local date `day` has any session."""
        known = self._working_days
        working = known.get(day)
        if working is None:
            working = known[day] = bool(self.sessions_on(day))
        return working

    def _sessions_of(self, weekday: int, day: date) -> tuple[tuple[int, int], ...]:
        valid = (session for session in self._by_weekday[weekday] if session.valid_on(day))
        return _union([(session.from_minute, session.to_minute) for session in valid])

    @cached_property
    def _working_days(self) -> dict[date, bool]:
        """What was found of the dates asked for: at most one a day of the years that calendars count."""
        return {}

    @cached_property
    def _kinds(self) -> Mapping[date, OverrideKind]:
        return dict(self.overrides)

    @cached_property
    def _by_weekday(self) -> Mapping[int, tuple[Session, ...]]:
        return {
            weekday: tuple(session for session in self.sessions if weekday in session.weekdays)
            for weekday in EVERY_WEEKDAY
        }


def _union(intervals: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """The union of half-open intervals, rising, touching ones joined, empty ones left out."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(intervals):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        elif start < end:
            joined.append((start, end))
    return tuple(joined)
