"""Stored texts of events read back as facts of the domain: fast, and without judging what was once accepted."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from tiendo_contracts.instants import read_instant
from tiendo_domain import facts
from tiendo_domain.instants import Instant

_Json = Mapping[str, Any]
_Decoder = Callable[[_Json], facts.CaseFact]
_SHARED_MAX = 1 << 16
_DATE_LENGTH = len("2022-08-15")
_TYPE_START = len("vn.tiendo.case.")
_TYPE_END = -len(".v1")


def case_event(text: str, *, position: int, ingested_at: datetime) -> facts.CaseEvent:
    """The fact of a stored event of a case, with what the log says of it; `ingested_at` is aware.

    Names and ids of white space alone say nothing and are None.
    """
    event = json.loads(text)
    recorded, sequence = event.get("recordedat"), event.get("sequence")
    return facts.CaseEvent(
        source=event["source"],
        id=event["id"],
        case_id=event["subject"],
        occurred_at=_instant(event["time"]),
        recorded_at=None if recorded is None else _instant(recorded),
        sequence=None if sequence is None else int(sequence),
        fact=_DECODERS[event["type"][_TYPE_START:_TYPE_END]](event.get("data") or {}),
        position=position,
        ingested_at=ingested_at,
        marks=_marks(event.get("data") or {}),
    )


def _marks(data: _Json) -> tuple[facts.Mark, ...]:
    marks = data.get("marks")
    return tuple(facts.Mark(mark) for mark in marks) if marks else ()


def _instant(text: str) -> Instant:
    return Instant(read_instant(text), text)


def _moment(data: _Json, name: str) -> Instant | None:
    text = data.get(name)
    return None if text is None else _instant(text)


def _instant_or_date(text: str | None) -> Instant | date | None:
    if text is None:
        return None
    return date.fromisoformat(text) if len(text) == _DATE_LENGTH else _instant(text)


def _text(text: str | None) -> str | None:
    return text if text and not text.isspace() else None


def _minutes(number: float | None) -> int | None:
    return None if number is None else int(number)


def _unit(data: _Json, name: str = "unit") -> facts.Unit | None:
    unit = data.get(name)
    return (
        None if unit is None else _shared_unit(unit.get("id"), unit.get("name"), unit.get("parent"), unit.get("level"))
    )


def _person(data: _Json, name: str) -> facts.Person | None:
    person = data.get(name)
    return (
        None
        if person is None
        else _shared_person(person.get("id"), person.get("name"), person.get("position"), _unit(person))
    )


def _step(data: _Json) -> facts.Step | None:
    step = data.get("step")
    return None if step is None else _shared_step(step.get("id"), step.get("name"), step.get("allotted_minutes"))


# The same units, officers and steps come again and again: one value of each is kept, which saves most of the building and of the memory.
@lru_cache(maxsize=_SHARED_MAX)
def _shared_unit(unit_id: str | None, name: str | None, parent: str | None, level: str | None) -> facts.Unit:
    return facts.Unit(
        id=_text(unit_id), name=_text(name), parent=_text(parent), level=None if level is None else facts.Level(level)
    )


@lru_cache(maxsize=_SHARED_MAX)
def _shared_person(
    person_id: str | None, name: str | None, position: str | None, unit: facts.Unit | None
) -> facts.Person:
    return facts.Person(id=_text(person_id), name=_text(name), position=_text(position), unit=unit)


@lru_cache(maxsize=_SHARED_MAX)
def _shared_step(step_id: str | None, name: str | None, allotted_minutes: float | None) -> facts.Step:
    return facts.Step(id=_text(step_id), name=_text(name), allotted_minutes=_minutes(allotted_minutes))


@lru_cache(maxsize=_SHARED_MAX)
def _shared_procedure(
    procedure_id: str | None, name: str | None, norm_minutes: float | None, days: str | None
) -> facts.Procedure:
    return facts.Procedure(
        id=_text(procedure_id),
        name=_text(name),
        norm_minutes=_minutes(norm_minutes),
        days=None if days is None else facts.DayCount(days),
    )


def _procedure(data: _Json) -> facts.Procedure | None:
    procedure = data.get("procedure")
    if procedure is None:
        return None
    return _shared_procedure(
        procedure.get("id"), procedure.get("name"), procedure.get("norm_minutes"), procedure.get("days")
    )


def _field(data: _Json) -> facts.Field | None:
    field = data.get("field")
    return None if field is None else facts.Field(id=_text(field.get("id")), name=_text(field.get("name")))


def _document(data: _Json, name: str) -> facts.SignedDocument | None:
    document = data.get(name)
    if document is None:
        return None
    return facts.SignedDocument(
        document_number=_text(document.get("document_number")),
        signed_at=_instant_or_date(document.get("signed_at")),
    )


def _submitted(data: _Json) -> facts.CaseFact:
    return facts.Submitted(
        procedure=_procedure(data),
        field=_field(data),
        channel=_text(data.get("channel")),
        unit=_unit(data),
        actor=_person(data, "actor"),
    )


def _received(data: _Json) -> facts.CaseFact:
    return facts.Received(
        procedure=_procedure(data),
        field=_field(data),
        channel=_text(data.get("channel")),
        unit=_unit(data),
        due_at=_moment(data, "due_at"),
        actor=_person(data, "actor"),
        holder=_person(data, "holder"),
        step=_step(data),
    )


def _handover(
    kind: type[facts.Assigned | facts.Claimed | facts.Forwarded | facts.SentBack | facts.Recalled],
) -> _Decoder:
    return lambda data: kind(actor=_person(data, "actor"), holder=_person(data, "holder"), step=_step(data))


def _worked(data: _Json) -> facts.CaseFact:
    return facts.Worked(holder=_person(data, "holder"), since=_moment(data, "since"), step=_step(data))


def _pause_beginning(kind: type[facts.SupplementRequested | facts.PaymentRequested | facts.Suspended]) -> _Decoder:
    return lambda data: kind(actor=_person(data, "actor"), reason=_text(data.get("reason")))


def _pause_ending(
    kind: type[facts.SupplementReceived | facts.PaymentReceived | facts.Resumed | facts.Reopened],
) -> _Decoder:
    return lambda data: kind(
        actor=_person(data, "actor"),
        holder=_person(data, "holder"),
        step=_step(data),
        due_at=_moment(data, "due_at"),
        reason=_text(data.get("reason")),
    )


def _ending(kind: type[facts.ResultDelivered | facts.Declined | facts.Withdrawn]) -> _Decoder:
    return lambda data: kind(actor=_person(data, "actor"), reason=_text(data.get("reason")))


def _consultation_requested(data: _Json) -> facts.CaseFact:
    return facts.ConsultationRequested(actor=_person(data, "actor"), unit=_unit(data), step=_step(data))


def _consultation_answered(data: _Json) -> facts.CaseFact:
    return facts.ConsultationAnswered(actor=_person(data, "actor"))


def _deadline_extended(data: _Json) -> facts.CaseFact:
    return facts.DeadlineExtended(
        actor=_person(data, "actor"),
        due_at=_instant(data["due_at"]),
        reason=_text(data.get("reason")),
        apology=_document(data, "apology"),
    )


def _deadline_restated(data: _Json) -> facts.CaseFact:
    return facts.DeadlineRestated(
        due_at=_instant(data["due_at"]), reason=_text(data.get("reason")), actor=_person(data, "actor")
    )


def _completed(data: _Json) -> facts.CaseFact:
    return facts.Completed(actor=_person(data, "actor"), evidence=_document(data, "evidence"))


def _corrected(data: _Json) -> facts.CaseFact:
    annuls = data["annuls"]
    return facts.Corrected(
        annuls=facts.EventKey(source=annuls["source"], id=annuls["id"]),
        reason=_text(data.get("reason")),
        actor=_person(data, "actor"),
    )


_DECODERS: Mapping[str, _Decoder] = {
    "submitted": _submitted,
    "received": _received,
    "assigned": _handover(facts.Assigned),
    "claimed": _handover(facts.Claimed),
    "forwarded": _handover(facts.Forwarded),
    "sent-back": _handover(facts.SentBack),
    "recalled": _handover(facts.Recalled),
    "worked": _worked,
    "resumed": _pause_ending(facts.Resumed),
    "reopened": _pause_ending(facts.Reopened),
    "supplement-requested": _pause_beginning(facts.SupplementRequested),
    "payment-requested": _pause_beginning(facts.PaymentRequested),
    "suspended": _pause_beginning(facts.Suspended),
    "supplement-received": _pause_ending(facts.SupplementReceived),
    "payment-received": _pause_ending(facts.PaymentReceived),
    "consultation-requested": _consultation_requested,
    "consultation-answered": _consultation_answered,
    "deadline-extended": _deadline_extended,
    "deadline-restated": _deadline_restated,
    "completed": _completed,
    "result-delivered": _ending(facts.ResultDelivered),
    "declined": _ending(facts.Declined),
    "withdrawn": _ending(facts.Withdrawn),
    "corrected": _corrected,
}
