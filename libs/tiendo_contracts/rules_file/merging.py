"""A rules file against the current rule book: the definitions that it changes, and nothing else."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from tiendo_contracts.directory.decoding import override_of, procedure_of, session_of, unit_of
from tiendo_contracts.directory.public_holidays import days_off_of
from tiendo_contracts.rules_file.errors import RulesFileError, RulesFileProblem, entry_place
from tiendo_contracts.rules_file.tables import CalendarTable, RulesTables
from tiendo_domain.calendar import Session
from tiendo_domain.rules import (
    CalendarDefinition,
    Definition,
    Override,
    PlaceholdersDefinition,
    RuleBook,
    UnitRule,
)
from tiendo_domain.rules.calendars import DEFAULT_TIME_ZONE
from tiendo_domain.rules.definitions import DEFAULT_CALENDAR, DEFAULT_HOLIDAYS


def definitions_to_append(
    rules: RulesTables, book: RuleBook, *, refresh_holidays: bool = False
) -> tuple[Definition, ...]:
    """What is to be appended so that `book` says what `rules` say; empty where it does already.

    A `[[unit]]`, a `[[procedure]]` with its `valid_from` and the placeholders replace what stood for them. A calendar keeps
    what the file leaves out; its sessions are replaced together, its overrides by date, units are added (and leave the calendar that had them).
    The days off of a country stay as first written down, whatever the `holidays` package says by now, unless `refresh_holidays`.
    Raises `RulesFileError` for calendars that nobody defines and for circles of parents.
    """
    _refuse_unknown_calendars(rules, book)
    units = [unit_of(unit) for unit in rules.unit]
    _refuse_circles(units, book)
    calendars = _calendars(rules, book, refresh_holidays=refresh_holidays)
    procedures = [procedure_of(procedure) for procedure in rules.procedure]
    return (
        *_changed_placeholders(rules, book),
        *(unit for unit in units if book.units.get(unit.id) != unit),
        *(calendar for calendar in calendars if _current(book, calendar.id) != calendar),
        *(procedure for procedure in procedures if procedure not in book.procedures.get(procedure.id, ())),
    )


def _changed_placeholders(rules: RulesTables, book: RuleBook) -> Iterator[PlaceholdersDefinition]:
    if rules.placeholders is not None and set(rules.placeholders) != set(book.placeholders):
        yield PlaceholdersDefinition(names=tuple(dict.fromkeys(rules.placeholders)))


def _calendars(rules: RulesTables, book: RuleBook, *, refresh_holidays: bool) -> list[CalendarDefinition]:
    """Every calendar that the file names, and those that lose a unit to one of them first."""
    tables = {table.id: table for table in rules.calendar}
    named = dict.fromkeys(
        [*tables, *(session.calendar for session in rules.session), *(override.calendar for override in rules.override)]
    )
    merged = [
        _merged(rules, tables.get(name, CalendarTable(id=name)), book, refresh_holidays=refresh_holidays)
        for name in named
    ]
    claimed = {unit: table.id for table in rules.calendar for unit in table.units}
    deprived = [
        _without(calendar.definition, claimed)
        for calendar in book.calendars.values()
        if calendar.definition.id not in named
    ]
    return deprived + [_without(calendar, claimed) for calendar in merged]


def _without(calendar: CalendarDefinition, claimed: dict[str, str]) -> CalendarDefinition:
    """The calendar without the units that another one claims."""
    return replace(
        calendar, units=tuple(unit for unit in calendar.units if claimed.get(unit, calendar.id) == calendar.id)
    )


def _merged(rules: RulesTables, table: CalendarTable, book: RuleBook, *, refresh_holidays: bool) -> CalendarDefinition:
    current = _current(book, table.id) or CalendarDefinition(
        id=table.id, time_zone=DEFAULT_TIME_ZONE, holidays=DEFAULT_HOLIDAYS, days_off=_days_off(book, DEFAULT_HOLIDAYS)
    )
    sessions = {session_of(session) for session in rules.session if session.calendar == table.id}
    overrides = {override.on: override for override in current.overrides}
    overrides |= {override.on: override_of(override) for override in rules.override if override.calendar == table.id}
    country = table.holidays or current.holidays
    kept = country == current.holidays and not refresh_holidays
    return CalendarDefinition(
        id=table.id,
        time_zone=table.time_zone or current.time_zone,
        units=tuple(sorted({*current.units, *table.units})),
        holidays=country,
        days_off=current.days_off if kept else _days_off(book, country, refresh=refresh_holidays),
        sessions=tuple(sorted(sessions, key=_session_order)) or current.sessions,
        overrides=tuple(sorted(overrides.values(), key=_override_order)),
    )


def _days_off(book: RuleBook, country: str, *, refresh: bool = False) -> frozenset[date]:
    """The country's days off: those that a calendar has already, so that calendars agree, else those of the package."""
    if not refresh:
        for calendar in book.calendars.values():
            if calendar.version > 0 and calendar.definition.holidays == country:
                return calendar.definition.days_off
    return days_off_of(country)


def _current(book: RuleBook, calendar_id: str) -> CalendarDefinition | None:
    """The calendar's definition in the log; None also for the one that is built in."""
    calendar = book.calendars.get(calendar_id)
    return calendar.definition if calendar is not None and calendar.version > 0 else None


def _session_order(session: Session) -> tuple[date, date, list[int], int, int]:
    return (
        session.valid_from or date.min,
        session.valid_to or date.max,
        sorted(session.weekdays),
        session.from_minute,
        session.to_minute,
    )


def _override_order(override: Override) -> date:
    return override.on


def _refuse_unknown_calendars(rules: RulesTables, book: RuleBook) -> None:
    known = {*book.calendars, *(calendar.id for calendar in rules.calendar), DEFAULT_CALENDAR}
    named = [("session", index, session.calendar) for index, session in enumerate(rules.session)]
    named += [("override", index, override.calendar) for index, override in enumerate(rules.override)]
    problems = [
        RulesFileProblem(
            place=entry_place(table, index, "calendar"),
            message=f'"{name}" is no calendar; define it by [[calendar]] or name one of {", ".join(sorted(known))}',
        )
        for table, index, name in named
        if name not in known
    ]
    if problems:
        raise RulesFileError(problems)


def _refuse_circles(units: list[UnitRule], book: RuleBook) -> None:
    known = {**book.units, **{unit.id: unit for unit in units}}
    problems = [
        RulesFileProblem(
            place=entry_place("unit", index, "parent"),
            message=f"{' is below '.join(line)}: a circle; the topmost unit has no parent",
        )
        for index, unit in enumerate(units)
        if (line := _circle_from(unit.id, known))
    ]
    if problems:
        raise RulesFileError(problems)


def _circle_from(unit_id: str, known: dict[str, UnitRule]) -> list[str]:
    """The line of parents from `unit_id` back to itself; empty where it ends elsewhere."""
    line = [unit_id]
    while (unit := known.get(line[-1])) is not None and unit.parent is not None:
        if unit.parent == unit_id:
            return [*line, unit_id]
        if unit.parent in line:
            break
        line.append(unit.parent)
    return []
