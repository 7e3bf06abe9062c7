"""The directory facts: each carries the whole definition of one thing, and the last one holds (rule T6)."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tiendo_domain.calendar import OverrideKind, Session
from tiendo_domain.facts import DayCount, Level

NO_HOLIDAYS = "none"


class PauseMode(StrEnum):
    """How a pause moves the due (rule D2)."""

    SUSPEND = "suspend"
    RESTART = "restart"
    SHIFT = "shift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """One local date that is off or working whatever else is said of it, with the legal reference if known."""

    on: date
    kind: OverrideKind
    legal_reference: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarDefinition:
    """A working calendar as configured. `units` have it, and the units below them that have none of their own.

    `holidays` names the country whose public holidays `days_off` are (`none`: no holidays); the dates themselves are
    kept, so that they never change behind a figure's back. No `sessions`: those of the default calendar.
    """

    id: str
    time_zone: str
    units: tuple[str, ...] = ()
    holidays: str = NO_HOLIDAYS
    days_off: frozenset[date] = frozenset()
    sessions: tuple[Session, ...] = ()
    overrides: tuple[Override, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRule:
    """A unit of the organisation tree; what is not configured is None."""

    id: str
    name: str | None = None
    parent: str | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRule:
    """How a procedure's pauses and norm count for cases received on or after `valid_from` (None: always).

    `norm_minutes` are working minutes, or minutes of the day where `days` is calendar (rule T7).
    """

    id: str
    valid_from: date | None = None
    pause: PauseMode = PauseMode.SUSPEND
    days: DayCount = DayCount.WORKING
    norm_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceholdersDefinition:
    """The names that name nobody (rule H3)."""

    names: tuple[str, ...]


Definition = CalendarDefinition | UnitRule | ProcedureRule | PlaceholdersDefinition


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryFact:
    """One definition as it stands in the log; `ingested_at` decides what was known when, `position` the order."""

    id: str
    position: int
    ingested_at: datetime
    definition: Definition
