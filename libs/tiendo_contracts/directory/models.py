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

    weekdays: Weekdays
    from_minute: TimeOfDay = Field(alias="from")
    to_minute: TimeOfDay = Field(alias="to")
    valid_from: Day | None = None
    valid_to: Day | None = None

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

    on: Day = Field(alias="date")
    kind: OverrideKind = Field(strict=False)
    legal_reference: Text | None = None


class CalendarData(Closed):
    """`calendar-defined`: a whole calendar."""

    id: Identifier
    time_zone: Zone
    units: list[Identifier]
    holidays: Text
    days_off: list[Day]
    sessions: list[SessionData]
    overrides: list[OverrideData]


class UnitData(Closed):
    """`unit-defined`: a whole unit."""

    id: Identifier
    name: Text | None = None
    parent: Identifier | None = None
    level: Level | None = Field(default=None, strict=False)


class ProcedureData(Closed):
    """`procedure-defined`: the rule of a procedure from one day on."""

    id: Identifier
    valid_from: Day | None = None
    pause: PauseMode = Field(default=PauseMode.SUSPEND, strict=False)
    days: DayCount = Field(default=DayCount.WORKING, strict=False)
    norm_minutes: Minutes | None = None


class PlaceholdersData(Closed):
    """`placeholders-defined`: the whole list of names that name nobody."""

    names: list[Text]
