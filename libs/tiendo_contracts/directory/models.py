"""What `data` says in each directory fact; unknown members are refused."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from tiendo_contracts.directory.values import (
    Day,
    DayOrInstant,
    Identifier,
    Minutes,
    Text,
    TimeOfDay,
    Weekdays,
    Zone,
    is_reversed,
)
from tiendo_domain.calendar import DueOnDayOff, OverrideKind
from tiendo_domain.facts import DayCount, Level
from tiendo_domain.rules import EighthState, PauseMode
from tiendo_domain.rules.definitions import REPAIR_TEXTS

WINDOW_DAYS_MAX = 366


class Closed(BaseModel):
    """A model that knows all its members and takes none for another type."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, populate_by_name=True)


class SessionData(Closed):
    """A session: local [from, to) on some weekdays, in a season whose first and last day both belong to it."""

    weekdays: Weekdays = Field(description="ISO numbers, 1 for Monday to 7 for Sunday, rising")
    from_minute: TimeOfDay = Field(alias="from", description='local time of day "07:00", included')
    to_minute: TimeOfDay = Field(alias="to", description='local time of day "11:30", excluded; midnight is "24:00"')
    valid_from: Day | None = Field(default=None, description="first local day; absent: from the beginning")
    valid_to: Day | None = Field(default=None, description="last local day, included; absent: for ever")

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.from_minute >= self.to_minute:
            raise PydanticCustomError(
                "order", '`from` is not before `to`; divide a session that passes midnight at "24:00" and "00:00"'
            )
        if self.valid_from is not None and self.valid_to is not None and self.valid_from > self.valid_to:
            raise PydanticCustomError(
                "season", "`valid_from` is after `valid_to`; a season ends on or after its first day"
            )
        return self


class OverrideData(Closed):
    """A date that is off or working whatever else is said of it."""

    on: Day = Field(alias="date", description="local day")
    kind: OverrideKind = Field(strict=False, description="what it makes of the day")
    legal_reference: Text | None = Field(default=None, description="what it rests on; absent: not told")


class CalendarData(Closed):
    """`calendar-defined`: a whole calendar."""

    id: Identifier = Field(description="`vn` is the default calendar")
    time_zone: Zone = Field(description='of the IANA database, such as "Asia/Ho_Chi_Minh"')
    units: list[Identifier] = Field(description="units that the calendar counts for, with those below them")
    holidays: Text = Field(
        description='the country whose public holidays the days off were taken from, such as "VN", or "none"'
    )
    days_off: list[Day] = Field(description="local days without working time, rising")
    make_up_days: list[Day] = Field(
        default_factory=list,
        description="local days that are working in exchange for a day off, rising; they have Monday's sessions unless they have their own",
    )
    sessions: list[SessionData] = Field(description="when work is done; empty: as in the calendar `vn`")
    overrides: list[OverrideData] = Field(description="days that are off or working whatever else is said of them")
    due_on_day_off: DueOnDayOff | None = Field(
        default=None,
        strict=False,
        description="what becomes of a due on a day without working time (rule D5); absent: `next-working-day` for `vn` and "
        "where the holidays are those of `VN`, else `as-stated`",
    )


class Dated(Closed):
    """What holds from a first local day on, to the day before `valid_to`."""

    valid_from: Day | None = Field(default=None, description="first local day; absent: from the beginning")
    valid_to: Day | None = Field(
        default=None, description="first local day on which it holds no longer; absent: for ever"
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.valid_from is not None and self.valid_to is not None and self.valid_from >= self.valid_to:
            raise PydanticCustomError(
                "validity", "`valid_from` is not before `valid_to`, the first day on which it holds no longer"
            )
        return self


class UnitData(Dated):
    """`unit-defined`: a unit from one day on."""

    id: Identifier = Field(description="code of the unit")
    name: Text | None = Field(default=None, description="absent: as events of cases name it")
    parent: Identifier | None = Field(default=None, description="code of the unit above; absent: not told")
    level: Level | None = Field(default=None, strict=False, description="administrative level; absent: not told")
    merged_into: Identifier | None = Field(
        default=None, description="code of the unit that carries its open cases on; absent: none"
    )


class OfficerData(Dated):
    """`officer-defined`: what the directory says of an officer's id from one day on."""

    id: Identifier = Field(description="id of the officer, as events name it")
    name: Text | None = Field(default=None, description="absent: as events of cases name the officer")
    unit: Identifier | None = Field(default=None, description="code of the officer's unit; absent: as events say")
    position: Text | None = Field(default=None, description="absent: as events say")
    same_as: Identifier | None = Field(
        default=None,
        description="id of the same person that this one is joined to, at all times; absent: none (rule H11)",
    )
    accounts: list[Text] = Field(default_factory=list, description="names by which the officer signs in")


class AbsenceData(Closed):
    """`absence-defined`: when an officer was away (rule H10)."""

    officer: Identifier = Field(description="id of the officer, as events name it")
    from_: DayOrInstant = Field(
        alias="from",
        description="first local day, or the instant at which it begins; one without offset is of the clock of the case's calendar",
    )
    to: DayOrInstant = Field(description="last local day, included, or the instant at which it ends, excluded")
    kind: Text | None = Field(default=None, description="such as `leave`; absent: not told")

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if is_reversed(self.from_, self.to):
            raise PydanticCustomError(
                "absence", "`from` is after `to`; an absence ends on or after its first day, or after its first instant"
            )
        return self


class StepData(Closed):
    """`step-defined`: what a step of a procedure is allotted from one day on (rule A1)."""

    procedure: Identifier = Field(description="code of the procedure, whole or without its local suffix")
    id: Identifier = Field(description="id of the step, as events name it")
    name: Text | None = Field(default=None, description="by which steps of another id are found; absent: not told")
    allotted_minutes: Minutes = Field(description="working minutes")
    valid_from: Day | None = Field(
        default=None, description="first local day of reception for which it holds; absent: from the beginning"
    )


class NationalData(Closed):
    """`national-defined`: how a source of the national progress format is read."""

    source: Identifier = Field(description="`source` of the events")
    state_8: EighthState = Field(
        default=EighthState.SUSPENDED, strict=False, description="what state 8 says of a case; absent: `suspended`"
    )
    repair_texts: list[Text] = Field(
        default_factory=lambda: list(REPAIR_TEXTS),
        description="what the rows say that a sender makes to repair its own",
    )


class PublicationData(Closed):
    """`publication-defined`: how a unit's lists are published, from one day on."""

    unit: Identifier = Field(description="code of the unit")
    window_working_days: Annotated[int, Field(ge=0, le=WINDOW_DAYS_MAX)] | None = Field(
        default=None, description="how long the list is open to explanations; absent: 5"
    )
    least_minutes: Minutes | None = Field(
        default=None, description="from how many minutes on somebody stands in the list; absent: not told"
    )
    valid_from: Day | None = Field(default=None, description="first local day; absent: from the beginning")


class ProcedureData(Closed):
    """`procedure-defined`: the rule of a procedure from one day on."""

    id: Identifier = Field(description="code of the procedure, whole or without its local suffix")
    valid_from: Day | None = Field(default=None, description="first local day; absent: from the beginning")
    pause: PauseMode = Field(
        default=PauseMode.SUSPEND, strict=False, description="how a pause moves the due (rule D2); absent: `suspend`"
    )
    days: DayCount = Field(
        default=DayCount.WORKING, strict=False, description="which days the norm counts (rule T7); absent: `working`"
    )
    norm_minutes: Minutes | None = Field(default=None, description="minutes of the norm, of those days; absent: none")


class PlaceholdersData(Closed):
    """`placeholders-defined`: the whole list of names that name nobody."""

    names: list[Text] = Field(description="such as `chuyên viên`; compared as names are (rule H3), and case folded")
