"""From the stored text of a directory fact to the domain's definition."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from tiendo_contracts.directory.models import (
    AbsenceData,
    CalendarData,
    NationalData,
    OfficerData,
    OverrideData,
    PlaceholdersData,
    ProcedureData,
    PublicationData,
    SessionData,
    StepData,
    UnitData,
)
from tiendo_domain.calendar import Session
from tiendo_domain.rules import (
    AbsenceRule,
    CalendarDefinition,
    Definition,
    DirectoryFact,
    NationalRule,
    OfficerRule,
    Override,
    PlaceholdersDefinition,
    ProcedureRule,
    PublicationRule,
    StepRule,
    UnitRule,
)


class UnknownDirectoryTypeError(ValueError):
    """A directory fact of a type that this version does not know: the log was written by a newer one."""

    def __init__(self, event_type: str) -> None:
        super().__init__(f"directory facts of type {event_type!r} are not known to this version; install the newer one")
        self.event_type = event_type


def directory_fact(text: str, *, position: int, ingested_at: datetime) -> DirectoryFact:
    """The fact in the stored `text` of a CloudEvent; raises `UnknownDirectoryTypeError` for a type of a newer version."""
    event = json.loads(text)
    return DirectoryFact(
        id=event["id"],
        position=position,
        ingested_at=ingested_at,
        definition=definition_of(event["type"], event["data"]),
    )


def definition_of(event_type: str, data: object) -> Definition:
    """The definition in a directory fact's `data`; raises pydantic's ValidationError where it is not as the models say."""
    decode = _DECODERS.get(event_type)
    if decode is None:
        raise UnknownDirectoryTypeError(event_type)
    return decode(data)


def session_of(data: SessionData) -> Session:
    """The domain's session."""
    return Session(
        weekdays=frozenset(data.weekdays),
        from_minute=data.from_minute,
        to_minute=data.to_minute,
        valid_from=data.valid_from,
        valid_to=data.valid_to,
    )


def override_of(data: OverrideData) -> Override:
    """The domain's override."""
    return Override(on=data.on, kind=data.kind, legal_reference=data.legal_reference)


def unit_of(data: UnitData) -> UnitRule:
    """The domain's unit."""
    return UnitRule(
        id=data.id,
        name=data.name,
        parent=data.parent,
        level=data.level,
        valid_from=data.valid_from,
        valid_to=data.valid_to,
        merged_into=data.merged_into,
    )


def procedure_of(data: ProcedureData) -> ProcedureRule:
    """The domain's rule of a procedure."""
    return ProcedureRule(
        id=data.id, valid_from=data.valid_from, pause=data.pause, days=data.days, norm_minutes=data.norm_minutes
    )


def officer_of(data: OfficerData) -> OfficerRule:
    """The domain's officer."""
    return OfficerRule(
        id=data.id,
        name=data.name,
        unit=data.unit,
        position=data.position,
        valid_from=data.valid_from,
        valid_to=data.valid_to,
        same_as=data.same_as,
        accounts=tuple(data.accounts),
    )


def absence_of(data: AbsenceData) -> AbsenceRule:
    """The domain's absence."""
    return AbsenceRule(officer=data.officer, from_=data.from_, to=data.to, kind=data.kind)


def step_of(data: StepData) -> StepRule:
    """The domain's rule of a step."""
    return StepRule(
        procedure=data.procedure,
        id=data.id,
        name=data.name,
        allotted_minutes=data.allotted_minutes,
        valid_from=data.valid_from,
    )


def national_of(data: NationalData) -> NationalRule:
    """The domain's rule of a source."""
    return NationalRule(source=data.source, state_8=data.state_8, repair_texts=tuple(data.repair_texts))


def publication_of(data: PublicationData) -> PublicationRule:
    """The domain's rule of a unit's lists."""
    return PublicationRule(
        unit=data.unit,
        window_working_days=data.window_working_days,
        least_minutes=data.least_minutes,
        valid_from=data.valid_from,
    )


def _calendar_of(data: CalendarData) -> CalendarDefinition:
    return CalendarDefinition(
        id=data.id,
        time_zone=data.time_zone,
        units=tuple(data.units),
        holidays=data.holidays,
        days_off=frozenset(data.days_off),
        make_up_days=frozenset(data.make_up_days),
        sessions=tuple(map(session_of, data.sessions)),
        overrides=tuple(map(override_of, data.overrides)),
        due_on_day_off=data.due_on_day_off,
    )


_DECODERS: Mapping[str, Callable[[Any], Definition]] = {
    "vn.tiendo.directory.calendar-defined.v1": lambda data: _calendar_of(CalendarData.model_validate(data)),
    "vn.tiendo.directory.unit-defined.v1": lambda data: unit_of(UnitData.model_validate(data)),
    "vn.tiendo.directory.procedure-defined.v1": lambda data: procedure_of(ProcedureData.model_validate(data)),
    "vn.tiendo.directory.officer-defined.v1": lambda data: officer_of(OfficerData.model_validate(data)),
    "vn.tiendo.directory.absence-defined.v1": lambda data: absence_of(AbsenceData.model_validate(data)),
    "vn.tiendo.directory.step-defined.v1": lambda data: step_of(StepData.model_validate(data)),
    "vn.tiendo.directory.national-defined.v1": lambda data: national_of(NationalData.model_validate(data)),
    "vn.tiendo.directory.publication-defined.v1": lambda data: publication_of(PublicationData.model_validate(data)),
    "vn.tiendo.directory.placeholders-defined.v1": lambda data: PlaceholdersDefinition(
        names=tuple(PlaceholdersData.model_validate(data).names)
    ),
}
