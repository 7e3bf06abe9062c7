"""From the rule book back to TOML that, applied, changes nothing: what `tiendo rules show` prints."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from tiendo_contracts.directory.described import NAMES, FlatRule, data_of, members_of
from tiendo_contracts.directory.values import time_text
from tiendo_domain.calendar import Session
from tiendo_domain.rules import (
    CalendarDefinition,
    Override,
    RuleBook,
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
    yield from _oldest_first(book.unit_rules)
    for _, calendar in sorted(book.calendars.items()):
        yield from _calendar(calendar.definition)
    yield from _oldest_first(book.procedures)
    yield from _oldest_first(book.officers)
    yield from (_flat(rule) for _, rules in sorted(book.absences.items()) for rule in rules)
    yield from _oldest_first(book.steps)
    yield from (_flat(rule) for _, rule in sorted(book.national.items()))
    yield from _oldest_first(book.publications)


def _oldest_first(known: Mapping[str, Sequence[FlatRule]]) -> Iterator[tuple[str, Members]]:
    return (_flat(rule) for _, rules in sorted(known.items()) for rule in reversed(rules))


def _flat(rule: FlatRule) -> tuple[str, Members]:
    data = data_of(rule)
    # An empty list is left out where that means the same.
    unsaid = {
        name for name, field in type(data).model_fields.items() if field.get_default(call_default_factory=True) == []
    }
    stated = members_of(data)
    return NAMES[type(rule)], {key: value for key, value in stated.items() if value != [] or key not in unsaid}


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


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _pairs(members: dict[str, _Value]) -> str:
    return "".join(f"{key} = {_value(value)}\n" for key, value in members.items() if value is not None)


def _value(value: object) -> str:
    # JSON texts, numbers and lists are TOML's too, but for DEL, which TOML wants escaped and names may not hold.
    return json.dumps(value, ensure_ascii=False)
