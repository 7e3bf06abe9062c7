"""Calendars with their versions, and which one a unit has (rule T6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from tiendo_domain.calendar import Session, WorkingCalendar, WorkingTime
from tiendo_domain.rules.definitions import DEFAULT_CALENDAR, CalendarDefinition

DEFAULT_TIME_ZONE = "Asia/Ho_Chi_Minh"
_OFFICE_DAYS = frozenset({1, 2, 3, 4, 5})

# Rule T7.
DEFAULT_SESSIONS = (
    Session(weekdays=_OFFICE_DAYS, from_minute=7 * 60, to_minute=11 * 60 + 30),
    Session(weekdays=_OFFICE_DAYS, from_minute=13 * 60 + 30, to_minute=17 * 60),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarVersion:
    """What a calendar meant from one application of the rules on: `<calendar>/<number>`.

    `known_since` is the instant at which the facts that made it were ingested together; None: it was not said when.
    """

    number: int
    known_since: datetime | None
    working_time: WorkingTime


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCalendar:
    """A version of a calendar as working time, and since when it is known: None for the first, which counts as known since ever (rule T6)."""

    known_since: datetime | None
    calendar: WorkingCalendar


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionedCalendar:
    """A calendar as it stands: its newest definition, and the versions of what it meant, oldest first.

    What is applied together is one version, and only what changes the meaning makes one: facts of its own, and those of the default calendar while
    its sessions are inherited (rule T6).
    """

    definition: CalendarDefinition
    versions: tuple[CalendarVersion, ...]

    @property
    def working_time(self) -> WorkingTime:
        """What the calendar means now."""
        return self.versions[-1].working_time

    @property
    def version(self) -> int:
        """The n of the newest version `<calendar>/<n>`; 0 for what is built in."""
        return self.versions[-1].number

    @property
    def working_calendar(self) -> WorkingCalendar:
        """The calendar to count with; equal versions share one, so that its years are worked out once."""
        return self._counted(self.versions[-1])

    @property
    def known_calendars(self) -> tuple[KnownCalendar, ...]:
        """Every version to count with, oldest first."""
        return tuple(
            KnownCalendar(known_since=version.known_since if place else None, calendar=self._counted(version))
            for place, version in enumerate(self.versions)
        )

    def _counted(self, version: CalendarVersion) -> WorkingCalendar:
        return _working_calendar(version.working_time, f"{self.definition.id}/{version.number}")


Calendars = Mapping[str, VersionedCalendar]


def built_in_calendars() -> dict[str, VersionedCalendar]:
    """What holds before the first fact: the default sessions without any holiday, version `vn/0`."""
    definition = CalendarDefinition(id=DEFAULT_CALENDAR, time_zone=DEFAULT_TIME_ZONE, sessions=DEFAULT_SESSIONS)
    version = CalendarVersion(number=0, known_since=None, working_time=working_time_of(definition, DEFAULT_SESSIONS))
    return {DEFAULT_CALENDAR: VersionedCalendar(definition=definition, versions=(version,))}


def with_definitions(
    calendars: Calendars, applied: Sequence[CalendarDefinition], known_since: datetime | None
) -> dict[str, VersionedCalendar]:
    """The calendars after definitions that were applied together at `known_since`; each whose meaning they changed has a new version.

    What was applied at the same instant before is of that version too. Without an instant the meaning counts as known since ever, and what
    it was before is forgotten.
    """
    definitions = {identity: calendar.definition for identity, calendar in calendars.items()}
    for definition in applied:
        # Put at the end: the order is that of the newest definitions, on which `assignments` relies.
        definitions.pop(definition.id, None)
        definitions[definition.id] = definition
    default_sessions = definitions[DEFAULT_CALENDAR].sessions or DEFAULT_SESSIONS
    # The facts of the log count from 1 on, whatever the built-in calendar meant.
    stated = {definition.id for definition in applied}
    before = {
        identity: calendar for identity, calendar in calendars.items() if calendar.version or identity not in stated
    }
    return {
        identity: VersionedCalendar(
            definition=definition,
            versions=_versions(before.get(identity), working_time_of(definition, default_sessions), known_since),
        )
        for identity, definition in definitions.items()
    }


def working_time_of(definition: CalendarDefinition, inherited: tuple[Session, ...]) -> WorkingTime:
    """What a definition means, with the sessions that it has if it defines none."""
    return WorkingTime(
        zone_name=definition.time_zone,
        sessions=frozenset(definition.sessions or inherited),
        days_off=definition.days_off,
        make_up_days=definition.make_up_days,
        # Of two overrides of one date in one fact the last holds.
        overrides=frozenset({override.on: override.kind for override in definition.overrides}.items()),
        due_on_day_off=definition.due_rule,
    )


def assignments(calendars: Calendars) -> dict[str, str]:
    """Which calendar each unit named in `units` has; of several that name it the one defined last."""
    return {unit: calendar.definition.id for calendar in calendars.values() for unit in calendar.definition.units}


def _versions(
    before: VersionedCalendar | None, working_time: WorkingTime, known_since: datetime | None
) -> tuple[CalendarVersion, ...]:
    """The versions of a calendar that means `working_time` since `known_since`."""
    if before is None:
        return (CalendarVersion(number=1, known_since=known_since, working_time=working_time),)
    *earlier, last = before.versions
    if last.working_time == working_time:
        return before.versions
    if known_since is None:
        return (CalendarVersion(number=last.number + 1, known_since=None, working_time=working_time),)
    together = last.known_since == known_since
    kept = earlier if together else [*earlier, last]
    if kept and kept[-1].working_time == working_time:
        return tuple(kept)
    number = last.number if together else last.number + 1
    return (*kept, CalendarVersion(number=number, known_since=known_since, working_time=working_time))


@lru_cache(maxsize=512)
def _working_calendar(working_time: WorkingTime, version_name: str) -> WorkingCalendar:
    return WorkingCalendar(working_time, version_name)
