"""The tables of a rules file, as people write them (section R)."""

from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from tiendo_contracts.directory.models import (
    AbsenceData,
    Closed,
    NationalData,
    OfficerData,
    OverrideData,
    ProcedureData,
    PublicationData,
    SessionData,
    StepData,
    UnitData,
)
from tiendo_contracts.directory.public_holidays import countries
from tiendo_contracts.directory.values import Identifier, Text, Zone
from tiendo_domain.calendar import DueOnDayOff
from tiendo_domain.rules.definitions import NO_HOLIDAYS


def _country(code: str) -> str:
    known = countries()
    if code != NO_HOLIDAYS and code not in known:
        raise PydanticCustomError(
            "country",
            'is no country whose holidays are known; write "none" or one of {known}',
            {"known": ", ".join(known)},
        )
    return code


class CalendarTable(Closed):
    """`[[calendar]]`: what is left out stays as it is, or has the defaults in a new calendar."""

    id: Identifier
    time_zone: Zone | None = None
    units: list[Identifier] = Field(default_factory=list)
    holidays: Annotated[str, AfterValidator(_country)] | None = None
    due_on_day_off: DueOnDayOff | None = Field(default=None, strict=False)


class SessionTable(SessionData):
    """`[[session]]`: a session of one calendar."""

    calendar: Identifier


class OverrideTable(OverrideData):
    """`[[override]]`: an override of one calendar."""

    calendar: Identifier


class RulesTables(Closed):
    """A whole rules file."""

    unit: list[UnitData] = Field(default_factory=list)
    procedure: list[ProcedureData] = Field(default_factory=list)
    calendar: list[CalendarTable] = Field(default_factory=list)
    session: list[SessionTable] = Field(default_factory=list)
    override: list[OverrideTable] = Field(default_factory=list)
    placeholders: list[Text] | None = None
    officer: list[OfficerData] = Field(default_factory=list)
    absence: list[AbsenceData] = Field(default_factory=list)
    step: list[StepData] = Field(default_factory=list)
    national: list[NationalData] = Field(default_factory=list)
    publication: list[PublicationData] = Field(default_factory=list)
