"""Calendars with their versions, and which one a unit has (rule T6)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from tiendo_domain.calendar import Session, WorkingCalendar, WorkingTime
from tiendo_domain.rules.definitions import CalendarDefinition

DEFAULT_CALENDAR = "vn"
DEFAULT_TIME_ZONE = "Asia/Ho_Chi_Minh"
_OFFICE_DAYS = frozenset({1, 2, 3, 4, 5})

# Rule T7.
DEFAULT_SESSIONS = (
    Session(weekdays=_OFFICE_DAYS, from_minute=7 * 60, to_minute=11 * 60 + 30),
    Session(weekdays=_OFFICE_DAYS, from_minute=13 * 60 + 30, to_minute=17 * 60),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedCalendar:
    """A calendar as it stands: its newest definition, what that means, and the n of its version `<calendar>/<n>`.

    n counts the facts that changed the meaning: its own, and those of the default calendar while its sessions are inherited.
    """

    definition: CalendarDefinition
    working_time: WorkingTime
    version: int

    @property
    def working_calendar(self) -> WorkingCalendar:
        """The calendar to count with; equal versions share one, so that its years are worked out once."""
        return _working_calendar(self.working_time, f"{self.definition.id}/{self.version}")


Calendars = Mapping[str, VersionedCalendar]


def built_in_calendars() -> dict[str, VersionedCalendar]:
    """What holds before the first fact: the default sessions without any holiday, version `vn/0`."""
    definition = CalendarDefinition(id=DEFAULT_CALENDAR, time_zone=DEFAULT_TIME_ZONE, sessions=DEFAULT_SESSIONS)
    working_time = working_time_of(definition, DEFAULT_SESSIONS)
    return {DEFAULT_CALENDAR: VersionedCalendar(definition=definition, working_time=working_time, version=0)}


def with_definition(calendars: Calendars, definition: CalendarDefinition) -> dict[str, VersionedCalendar]:
    """The calendars after one more fact; every calendar whose meaning it changed has a new version."""
    added = dict(calendars)
    before = added.pop(definition.id, None)
    # Put at the end: the order is that of the newest definitions, on which `assignments` relies.
    added[definition.id] = _redefined(before, definition, inherited=_default_sessions(calendars))
    if definition.id == DEFAULT_CALENDAR:
        inherited = _default_sessions(added)
        for other in (other for other in calendars.values() if not other.definition.sessions):
            if other.definition.id != DEFAULT_CALENDAR:
                added[other.definition.id] = _redefined(other, other.definition, inherited=inherited)
    return added


def working_time_of(definition: CalendarDefinition, inherited: tuple[Session, ...]) -> WorkingTime:
    """What a definition means, with the sessions that it has if it defines none."""
    return WorkingTime(
        zone_name=definition.time_zone,
        sessions=frozenset(definition.sessions or inherited),
        days_off=definition.days_off,
        # Of two overrides of one date in one fact the last holds.
        overrides=frozenset({override.on: override.kind for override in definition.overrides}.items()),
    )


def assignments(calendars: Calendars) -> dict[str, str]:
    """Which calendar each unit named in `units` has; of several that name it the one defined last."""
    return {unit: calendar.definition.id for calendar in calendars.values() for unit in calendar.definition.units}


def _redefined(
    before: VersionedCalendar | None, definition: CalendarDefinition, *, inherited: tuple[Session, ...]
) -> VersionedCalendar:
    if definition.id == DEFAULT_CALENDAR:
        inherited = DEFAULT_SESSIONS
    working_time = working_time_of(definition, inherited)
    if before is None:
        return VersionedCalendar(definition=definition, working_time=working_time, version=1)
    # The facts of the log count from 1 on, whatever the built-in calendar meant.
    changed = before.version == 0 or before.working_time != working_time
    return replace(before, definition=definition, working_time=working_time, version=before.version + changed)


def _default_sessions(calendars: Calendars) -> tuple[Session, ...]:
    return calendars[DEFAULT_CALENDAR].definition.sessions or DEFAULT_SESSIONS


@lru_cache(maxsize=512)
def _working_calendar(working_time: WorkingTime, version_name: str) -> WorkingCalendar:
    return WorkingCalendar(working_time, version_name)
