"""What `data` says in each directory fact; unknown members are refused."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from tiendo_contracts.directory.values import Day, Identifier, Minutes, Text, TimeOfDay, Weekdays, Zone
from tiendo_domain.calendar import OverrideKind
from tiendo_domain.facts import DayCount, Level
from tiendo_domain.rules import PauseMode


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
    sessions: list[SessionData] = Field(description="when work is done; empty: as in the calendar `vn`")
    overrides: list[OverrideData] = Field(description="days that are off or working whatever else is said of them")


class UnitData(Closed):
    """`unit-defined`: a whole unit."""

    id: Identifier = Field(description="code of the unit")
    name: Text | None = Field(default=None, description="absent: as events of cases name it")
    parent: Identifier | None = Field(default=None, description="code of the unit above; absent: not told")
    level: Level | None = Field(default=None, strict=False, description="administrative level; absent: not told")


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

    names: list[Text] = Field(description="such as `chuyên viên`; compared after NFC, trimming and case folding")
