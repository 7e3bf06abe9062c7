"""From a definition to the CloudEvent that states it."""

from datetime import datetime
from typing import Any, assert_never

from tiendo_contracts.canonical_json import digest
from tiendo_contracts.directory.models import (
    CalendarData,
    Closed,
    OverrideData,
    PlaceholdersData,
    ProcedureData,
    SessionData,
    UnitData,
)
from tiendo_domain.rules import (
    CalendarDefinition,
    Definition,
    PlaceholdersDefinition,
    ProcedureRule,
    UnitRule,
)

SOURCE = "/tiendo/rules"


def directory_event(definition: Definition, *, at: datetime) -> dict[str, Any]:
    """The CloudEvent that states `definition` at the aware instant `at`, as plain JSON values.

    Its id is the SHA-256 of all the rest in canonical form: the same statement at the same instant is the same event,
    and what was said before can be said again later and holds again.
    """
    what, subject, data = _parts(definition)
    event = {
        "specversion": "1.0",
        "source": SOURCE,
        "type": f"vn.tiendo.directory.{what}.v1",
        "subject": subject,
        "time": at.isoformat(),
        "datacontenttype": "application/json",
        "data": data.model_dump(mode="json", by_alias=True, exclude_none=True),
    }
    return {"id": digest(event).hex(), **event}


def _parts(definition: Definition) -> tuple[str, str, Closed]:
    """The event type's name, the subject and the data."""
    match definition:
        case CalendarDefinition():
            return "calendar-defined", definition.id, _calendar_data(definition)
        case UnitRule(id=identity, name=name, parent=parent, level=level):
            return "unit-defined", identity, UnitData(id=identity, name=name, parent=parent, level=level)
        case ProcedureRule():
            return "procedure-defined", definition.id, _procedure_data(definition)
        case PlaceholdersDefinition(names=names):
            return "placeholders-defined", "placeholders", PlaceholdersData(names=list(names))
        case _:
            assert_never(definition)


def _calendar_data(definition: CalendarDefinition) -> CalendarData:
    return CalendarData(
        id=definition.id,
        time_zone=definition.time_zone,
        units=list(definition.units),
        holidays=definition.holidays,
        days_off=sorted(definition.days_off),
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
    )


def _procedure_data(rule: ProcedureRule) -> ProcedureData:
    return ProcedureData(
        id=rule.id, valid_from=rule.valid_from, pause=rule.pause, days=rule.days, norm_minutes=rule.norm_minutes
    )
