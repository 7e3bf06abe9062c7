"""The directory facts: each carries the whole definition of one thing, and the last one holds (rule T6)."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from tiendo_domain.calendar import DueOnDayOff, OverrideKind, Session
from tiendo_domain.facts import DayCount, Level

DEFAULT_CALENDAR = "vn"
DEFAULT_HOLIDAYS = "VN"
NO_HOLIDAYS = "none"

# What a sender's repair of the national progress format says, unless configured otherwise.
REPAIR_TEXTS = ("Tiếp nhận hồ sơ", "Kết thúc xử lý hồ sơ")


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

    `holidays` names the country whose public holidays `days_off` are, and whose working days swapped for them `make_up_days`
    (`none`: no holidays); the dates themselves are kept, so that they never change behind a figure's back.
    No `sessions`: those of the default calendar. `due_on_day_off` None: not stated, see `due_rule`.
    """

    id: str
    time_zone: str
    units: tuple[str, ...] = ()
    holidays: str = NO_HOLIDAYS
    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()
    sessions: tuple[Session, ...] = ()
    overrides: tuple[Override, ...] = ()
    due_on_day_off: DueOnDayOff | None = None

    @property
    def due_rule(self) -> DueOnDayOff:
        """What becomes of a due on a day off: as stated, else by default carried in `vn` and where the holidays are Vietnamese (rule D5)."""
        if self.due_on_day_off is not None:
            return self.due_on_day_off
        vietnamese = self.id == DEFAULT_CALENDAR or self.holidays == DEFAULT_HOLIDAYS
        return DueOnDayOff.NEXT_WORKING_DAY if vietnamese else DueOnDayOff.AS_STATED


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRule:
    """A unit of the organisation tree from `valid_from` (None: always) to the day before `valid_to` (None: for ever).

    What is not configured is None. `merged_into` names the unit that carries its open cases on.
    """

    id: str
    name: str | None = None
    parent: str | None = None
    level: Level | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    merged_into: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRule:
    """What the directory says of an officer id from `valid_from` (None: always) to the day before `valid_to` (None: for ever).

    `unit` is a unit's id. `same_as` is the id that this one is joined to, at all times (rule H11). `accounts` are names by which the officer signs in.
    """

    id: str
    name: str | None = None
    unit: str | None = None
    position: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    same_as: str | None = None
    accounts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceRule:
    """When an officer was away (rule H10): `from_` and `to` are each a local date, included, or an instant, of which `to` is excluded.

    An instant without offset is one of the case's calendar's clock, as a date is.
    """

    officer: str
    from_: date | datetime
    to: date | datetime
    kind: str | None = None

    def interval_in(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The absence as aware [start, end), by the clock of `zone`, that of the case's calendar; perhaps empty, never refused."""
        return _instant(self.from_, zone), _instant(self.to, zone, days_later=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRule:
    """The working minutes that a step of a procedure is allotted in cases received on or after `valid_from` (None: always; rule A1)."""

    procedure: str
    id: str
    allotted_minutes: int
    name: str | None = None
    valid_from: date | None = None


class EighthState(StrEnum):
    """What state 8 of the national progress format says of a case."""

    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class NationalRule:
    """How a source of the national progress format is read."""

    source: str
    state_8: EighthState = EighthState.SUSPENDED
    repair_texts: tuple[str, ...] = REPAIR_TEXTS


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationRule:
    """For how long a unit's lists are open to explanations before they are published, and from how many minutes on somebody stands in them.

    In force from `valid_from` on (None: always); what is not configured is None.
    """

    unit: str
    window_working_days: int | None = None
    least_minutes: int | None = None
    valid_from: date | None = None


Definition = (
    CalendarDefinition
    | UnitRule
    | ProcedureRule
    | PlaceholdersDefinition
    | OfficerRule
    | AbsenceRule
    | StepRule
    | NationalRule
    | PublicationRule
)


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectoryFact:
    """One definition as it stands in the log; `ingested_at` decides what was known when, `position` the order."""

    id: str
    position: int
    ingested_at: datetime
    definition: Definition


def _instant(stated: date | datetime, zone: ZoneInfo, *, days_later: int = 0) -> datetime:
    """A stated instant, one without offset by the clock of `zone`; of a date, the local midnight `days_later` days after it begins."""
    if isinstance(stated, datetime):
        return stated if stated.tzinfo is not None else stated.replace(tzinfo=zone)
    return datetime.combine(stated + timedelta(days=days_later), time.min, zone)
