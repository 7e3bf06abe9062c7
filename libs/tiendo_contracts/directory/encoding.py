"""From a definition to the CloudEvent that states it."""

from datetime import datetime
from typing import Any, assert_never

from tiendo_contracts.directory.described import NAMES, FlatRule, data_of, members_of
from tiendo_contracts.directory.models import CalendarData, Closed, OverrideData, PlaceholdersData, SessionData
from tiendo_contracts.events.event_types import DIRECTORY_SOURCE, DIRECTORY_TYPE_PREFIX
from tiendo_contracts.texts.canonical_json import digest
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
        "data": members_of(data),
    }
    return {"id": digest(event).hex(), **event}


def _parts(definition: Definition) -> tuple[str, str, Closed]:
    """The event type's name, the subject and the data."""
    match definition:
        case CalendarDefinition():
            return "calendar-defined", definition.id, _calendar_data(definition)
        case PlaceholdersDefinition(names=names):
            return "placeholders-defined", "placeholders", PlaceholdersData(names=list(names))
        case _:
            return f"{NAMES[type(definition)]}-defined", _subject(definition), data_of(definition)


def _subject(rule: FlatRule) -> str:
    match rule:
        case AbsenceRule(officer=subject) | StepRule(procedure=subject):
            return subject
        case NationalRule(source=subject) | PublicationRule(unit=subject):
            return subject
        case UnitRule(id=subject) | OfficerRule(id=subject) | ProcedureRule(id=subject):
            return subject
        case _:
            assert_never(rule)


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
