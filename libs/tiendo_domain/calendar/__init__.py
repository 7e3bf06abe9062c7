"""Working time as a coordinate: durations are differences, due instants are inverses (rules T2, T3, T7)."""

from tiendo_domain.calendar.minutes import ceil_minute, floor_minute, minute_of
from tiendo_domain.calendar.working_calendar import WorkingCalendar
from tiendo_domain.calendar.working_time import DAY_MINUTES, DueOnDayOff, OverrideKind, Session, WorkingTime

__all__ = [
    "DAY_MINUTES",
    "DueOnDayOff",
    "OverrideKind",
    "Session",
    "WorkingCalendar",
    "WorkingTime",
    "ceil_minute",
    "floor_minute",
    "minute_of",
]
