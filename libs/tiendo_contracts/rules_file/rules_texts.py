"""From the rule book back to TOML that, applied, changes nothing: what `tiendo rules show` prints."""

import json
from collections.abc import Iterator, Sequence
from datetime import date

from tiendo_contracts.directory.values import day_or_instant_text, time_text
from tiendo_domain.calendar import Session
from tiendo_domain.rules import (
    AbsenceRule,
    CalendarDefinition,
    NationalRule,
    OfficerRule,
    Override,
    ProcedureRule,
    PublicationRule,
    RuleBook,
    StepRule,
    UnitRule,
)

_Value = str | int | Sequence[str] | Sequence[int] | None
Members = dict[str, _Value]


def rules_text(book: RuleBook) -> str:
    """The whole configuration as a rules file, in a fixed order; public holidays stand by their country, not by date."""
    tables = (f"[[{name}]]\n{_pairs(members)}" for name, members in rules_entries(book))
    return "\n".join([_pairs({"placeholders": book.placeholders}), *tables])


def rules_entries(book: RuleBook) -> Iterator[tuple[str, Members]]:
    """Yield every entry of the tables of a rules file that says what `book` does: the table's name, and the members that are stated."""
    for name, members in _entries(book):
        yield name, {key: value for key, value in members.items() if value is not None}


def _entries(book: RuleBook) -> Iterator[tuple[str, Members]]:
    yield from (("unit", _unit(unit)) for _, rules in sorted(book.unit_rules.items()) for unit in reversed(rules))
    for _, calendar in sorted(book.calendars.items()):
        yield from _calendar(calendar.definition)
    yield from (
        ("procedure", _procedure(rule)) for _, rules in sorted(book.procedures.items()) for rule in reversed(rules)
    )
    yield from (("officer", _officer(rule)) for _, rules in sorted(book.officers.items()) for rule in reversed(rules))
    yield from (("absence", _absence(rule)) for _, rules in sorted(book.absences.items()) for rule in rules)
    yield from (("step", _step(rule)) for _, rules in sorted(book.steps.items()) for rule in reversed(rules))
    yield from (("national", _national(rule)) for _, rule in sorted(book.national.items()))
    yield from (
        ("publication", _publication(rule))
        for _, rules in sorted(book.publications.items())
        for rule in reversed(rules)
    )


def _unit(unit: UnitRule) -> Members:
    return {
        "id": unit.id,
        "name": unit.name,
        "parent": unit.parent,
        "level": unit.level,
        "valid_from": _day(unit.valid_from),
        "valid_to": _day(unit.valid_to),
        "merged_into": unit.merged_into,
    }


def _calendar(calendar: CalendarDefinition) -> Iterator[tuple[str, Members]]:
    yield (
        "calendar",
        {
            "id": calendar.id,
            "time_zone": calendar.time_zone,
            "units": calendar.units or None,
            "holidays": calendar.holidays,
            "due_on_day_off": calendar.due_on_day_off,
        },
    )
    for session in calendar.sessions:
        yield "session", _session(calendar.id, session)
    for override in calendar.overrides:
        yield "override", _override(calendar.id, override)


def _session(calendar_id: str, session: Session) -> Members:
    return {
        "calendar": calendar_id,
        "weekdays": sorted(session.weekdays),
        "from": time_text(session.from_minute),
        "to": time_text(session.to_minute),
        "valid_from": _day(session.valid_from),
        "valid_to": _day(session.valid_to),
    }


def _override(calendar_id: str, override: Override) -> Members:
    return {
        "calendar": calendar_id,
        "date": override.on.isoformat(),
        "kind": override.kind,
        "legal_reference": override.legal_reference,
    }


def _procedure(rule: ProcedureRule) -> Members:
    return {
        "id": rule.id,
        "valid_from": _day(rule.valid_from),
        "pause": rule.pause,
        "days": rule.days,
        "norm_minutes": rule.norm_minutes,
    }


def _officer(rule: OfficerRule) -> Members:
    return {
        "id": rule.id,
        "name": rule.name,
        "unit": rule.unit,
        "position": rule.position,
        "valid_from": _day(rule.valid_from),
        "valid_to": _day(rule.valid_to),
        "same_as": rule.same_as,
        "accounts": rule.accounts or None,
    }


def _absence(rule: AbsenceRule) -> Members:
    bounds = {"from": day_or_instant_text(rule.from_), "to": day_or_instant_text(rule.to)}
    return {"officer": rule.officer, **bounds, "kind": rule.kind}


def _step(rule: StepRule) -> Members:
    return {
        "procedure": rule.procedure,
        "id": rule.id,
        "name": rule.name,
        "allotted_minutes": rule.allotted_minutes,
        "valid_from": _day(rule.valid_from),
    }


def _national(rule: NationalRule) -> Members:
    return {"source": rule.source, "state_8": rule.state_8, "repair_texts": rule.repair_texts}


def _publication(rule: PublicationRule) -> Members:
    return {
        "unit": rule.unit,
        "window_working_days": rule.window_working_days,
        "least_minutes": rule.least_minutes,
        "valid_from": _day(rule.valid_from),
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _pairs(members: dict[str, _Value]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in members.items() if value is not None)


def _value(value: object) -> str:
    # JSON texts, numbers and lists are TOML's too, but for DEL, which TOML wants escaped and names may not hold.
    return json.dumps(value, ensure_ascii=False)
