"""From a definition to the CloudEvent that states it."""

from datetime import datetime
from typing import Any, assert_never

from tiendo_contracts.canonical_json import digest
from tiendo_contracts.directory.models import (
    AbsenceData,
    CalendarData,
    Closed,
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
from tiendo_contracts.event_types import DIRECTORY_SOURCE, DIRECTORY_TYPE_PREFIX
from tiendo_domain.rules import (
    AbsenceRule,
    CalendarDefinition,
    Definition,
    NationalRule,
    OfficerRule,
    PlaceholdersDefinition,
    ProcedureRule,
    PublicationRule,
    StepRule,
    UnitRule,
)

SOURCE = DIRECTORY_SOURCE


def directory_event(definition: Definition, *, at: datetime) -> dict[str, Any]:
    """The CloudEvent that states `definition` at the aware instant `at`, as plain JSON values.

    Its id is the SHA-256 of all the rest in canonical form: the same statement at the same instant is the same event,
    and what was said before can be said again later and holds again.
    """
    what, subject, data = _parts(definition)
    event = {
        "specversion": "1.0",
        "source": SOURCE,
        "type": f"{DIRECTORY_TYPE_PREFIX}{what}.v1",
        "subject": subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": data.model_dump(mode="json", by_alias=True, exclude_none=True),
    }
    return {"id": digest(event).hex(), **event}


def _parts(definition: Definition) -> tuple[str, str, Closed]:
    """The event type's name, the subject and the data."""
    what: str
    data: Closed
    match definition:
        case CalendarDefinition(id=subject):
            what, data = "calendar", _calendar_data(definition)
        case UnitRule(id=subject):
            what, data = "unit", _unit_data(definition)
        case OfficerRule(id=subject):
            what, data = "officer", _officer_data(definition)
        case AbsenceRule(officer=subject, from_=start, to=end, kind=kind):
            what, data = "absence", AbsenceData(officer=subject, from_=start, to=end, kind=kind)
        case ProcedureRule(id=subject):
            what, data = "procedure", _procedure_data(definition)
        case StepRule(procedure=subject):
            what, data = "step", _step_data(definition)
        case NationalRule(source=subject, state_8=state_8, repair_texts=texts):
            what, data = "national", NationalData(source=subject, state_8=state_8, repair_texts=list(texts))
        case PublicationRule(unit=subject):
            what, data = "publication", _publication_data(definition)
        case PlaceholdersDefinition(names=names):
            what, subject, data = "placeholders", "placeholders", PlaceholdersData(names=list(names))
        case _:
            assert_never(definition)
    return f"{what}-defined", subject, data


def _calendar_data(definition: CalendarDefinition) -> CalendarData:
    return CalendarData(
        id=definition.id,
        time_zone=definition.time_zone,
        units=list(definition.units),
        holidays=definition.holidays,
        days_off=sorted(definition.days_off),
        make_up_days=sorted(definition.make_up_days),
        # Times of day are read as they are written, so the models are filled by their text.
        sessions=[
            SessionData.model_construct(
                weekdays=sorted(session.weekdays),
                from_minute=session.from_minute,
                to_minute=session.to_minute,
                valid_from=session.valid_from,
                valid_to=session.valid_to,
            )
            for session in definition.sessions
        ],
        overrides=[
            OverrideData(on=override.on, kind=override.kind, legal_reference=override.legal_reference)
            for override in definition.overrides
        ],
        due_on_day_off=definition.due_on_day_off,
    )


def _unit_data(rule: UnitRule) -> UnitData:
    return UnitData(
        id=rule.id,
        name=rule.name,
        parent=rule.parent,
        level=rule.level,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        merged_into=rule.merged_into,
    )


def _officer_data(rule: OfficerRule) -> OfficerData:
    return OfficerData(
        id=rule.id,
        name=rule.name,
        unit=rule.unit,
        position=rule.position,
        valid_from=rule.valid_from,
        valid_to=rule.valid_to,
        same_as=rule.same_as,
        accounts=list(rule.accounts),
    )


def _procedure_data(rule: ProcedureRule) -> ProcedureData:
    return ProcedureData(
        id=rule.id, valid_from=rule.valid_from, pause=rule.pause, days=rule.days, norm_minutes=rule.norm_minutes
    )


def _step_data(rule: StepRule) -> StepData:
    return StepData(
        procedure=rule.procedure,
        id=rule.id,
        name=rule.name,
        allotted_minutes=rule.allotted_minutes,
        valid_from=rule.valid_from,
    )


def _publication_data(rule: PublicationRule) -> PublicationData:
    return PublicationData(
        unit=rule.unit,
        window_working_days=rule.window_working_days,
        least_minutes=rule.least_minutes,
        valid_from=rule.valid_from,
    )
