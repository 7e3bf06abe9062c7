"""From the rule book back to TOML that, applied, changes nothing: what `tiendo rules show` prints."""

import json
from collections.abc import Iterator, Sequence
from datetime import date

from tiendo_contracts.directory.values import time_text
from tiendo_domain.calendar import Session
from tiendo_domain.rules import CalendarDefinition, Override, ProcedureRule, RuleBook, UnitRule

_Value = str | int | Sequence[str] | Sequence[int] | None


def rules_text(book: RuleBook) -> str:
    """The whole configuration as a rules file, in a fixed order; public holidays stand by their country, not by date."""
    parts = [_pairs({"placeholders": book.placeholders})]
    parts += [_unit(unit) for _, unit in sorted(book.units.items()) if unit != UnitRule(id=unit.id)]
    for _, calendar in sorted(book.calendars.items()):
        parts += _calendar(calendar.definition)
    for _, rules in sorted(book.procedures.items()):
        parts += [_procedure(rule) for rule in reversed(rules)]
    return "\n".join(parts)


def _unit(unit: UnitRule) -> str:
    return _table("unit", {"id": unit.id, "name": unit.name, "parent": unit.parent, "level": unit.level})


def _calendar(calendar: CalendarDefinition) -> Iterator[str]:
    yield _table(
        "calendar",
        {
            "id": calendar.id,
            "time_zone": calendar.time_zone,
            "units": calendar.units or None,
            "holidays": calendar.holidays,
        },
    )
    for session in calendar.sessions:
        yield _session(calendar.id, session)
    for override in calendar.overrides:
        yield _override(calendar.id, override)


def _session(calendar_id: str, session: Session) -> str:
    return _table(
        "session",
        {
            "calendar": calendar_id,
            "weekdays": sorted(session.weekdays),
            "from": time_text(session.from_minute),
            "to": time_text(session.to_minute),
            "valid_from": _day(session.valid_from),
            "valid_to": _day(session.valid_to),
        },
    )


def _override(calendar_id: str, override: Override) -> str:
    return _table(
        "override",
        {
            "calendar": calendar_id,
            "date": override.on.isoformat(),
            "kind": override.kind,
            "legal_reference": override.legal_reference,
        },
    )


def _procedure(rule: ProcedureRule) -> str:
    return _table(
        "procedure",
        {
            "id": rule.id,
            "valid_from": _day(rule.valid_from),
            "pause": rule.pause,
            "days": rule.days,
            "norm_minutes": rule.norm_minutes,
        },
    )


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _table(name: str, members: dict[str, _Value]) -> str:
    return f"[[{name}]]\n{_pairs(members)}"


def _pairs(members: dict[str, _Value]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in members.items() if value is not None)


def _value(value: object) -> str:
    # JSON texts, numbers and lists are TOML's too, but for DEL, which TOML wants escaped and names may not hold.
    return json.dumps(value, ensure_ascii=False)
