"""A rules file against the current rule book: the definitions that it changes, and nothing else."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from tiendo_contracts.directory.decoding import override_of, session_of
from tiendo_contracts.directory.described import rule_of
from tiendo_contracts.directory.models import Closed
from tiendo_contracts.directory.public_holidays import PublicHolidays, public_holidays_of
from tiendo_contracts.rules_file.refusing import refuse_contradictions
from tiendo_contracts.rules_file.tables import CalendarTable, RulesTables
from tiendo_domain.calendar import Session
from tiendo_domain.rules import (
    AbsenceRule,
    CalendarDefinition,
    Definition,
    NationalRule,
    OfficerRule,
    Override,
    PlaceholdersDefinition,
    ProcedureRule,
    PublicationRule,
    RuleBook,
    StepRule,
    UnitRule,
)
from tiendo_domain.rules.calendars import DEFAULT_TIME_ZONE
from tiendo_domain.rules.definitions import DEFAULT_HOLIDAYS

_Rule = TypeVar("_Rule", UnitRule, ProcedureRule, OfficerRule, AbsenceRule, StepRule, NationalRule, PublicationRule)


def definitions_to_append(
    rules: RulesTables, book: RuleBook, *, refresh_holidays: bool = False
) -> tuple[Definition, ...]:
    """What is to be appended so that `book` says what `rules` say; empty where it does already.

    The placeholders replace those that stood; a unit, procedure, officer, step or publication what stood for it from the same `valid_from` on,
    an absence what stood for the same bounds. A calendar keeps what the file leaves out; its sessions are replaced together, its overrides
    by date, units are added (and leave the calendar that had them).
    The days off and make-up days of a country stay as first written down, whatever the `holidays` package says by now, unless `refresh_holidays`.
    Raises `RulesFileError` for what contradicts `book`: see `refuse_contradictions`.
    """
    refuse_contradictions(rules, book)
    return (
        *_changed_placeholders(rules, book),
        *_changed(_rules(UnitRule, rules.unit), book.unit_rules, key=_id),
        *(
            calendar
            for calendar in _calendars(rules, book, refresh_holidays=refresh_holidays)
            if _current(book, calendar.id) != calendar
        ),
        *_changed(_rules(ProcedureRule, rules.procedure), book.procedures, key=_id),
        *_changed(_rules(OfficerRule, rules.officer), book.officers, key=_id),
        *_changed(_rules(AbsenceRule, rules.absence), book.absences, key=_officer),
        *_changed(_rules(StepRule, rules.step), book.steps, key=_procedure),
        *(rule for rule in _rules(NationalRule, rules.national) if book.national.get(rule.source) != rule),
        *_changed(_rules(PublicationRule, rules.publication), book.publications, key=_unit),
    )


def _rules(kind: type[_Rule], stated: Iterable[Closed]) -> Iterator[_Rule]:
    return (rule_of(kind, data) for data in stated)


def _changed(
    stated: Iterable[_Rule], known: Mapping[str, Sequence[_Rule]], *, key: Callable[[_Rule], str]
) -> Iterator[_Rule]:
    """What the book does not say already, `known` mapping a key to all that stands for it."""
    return (rule for rule in stated if rule not in known.get(key(rule), ()))


def _id(rule: UnitRule | ProcedureRule | OfficerRule) -> str:
    return rule.id


def _officer(rule: AbsenceRule) -> str:
    return rule.officer


def _procedure(rule: StepRule) -> str:
    return rule.procedure


def _unit(rule: PublicationRule) -> str:
    return rule.unit


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
        if calendar.definition.id not in named and calendar.version > 0
    ]
    return deprived + [_without(calendar, claimed) for calendar in merged]


def _without(calendar: CalendarDefinition, claimed: dict[str, str]) -> CalendarDefinition:
    """The calendar without the units that another one claims."""
    return replace(
        calendar, units=tuple(unit for unit in calendar.units if claimed.get(unit, calendar.id) == calendar.id)
    )


def _merged(rules: RulesTables, table: CalendarTable, book: RuleBook, *, refresh_holidays: bool) -> CalendarDefinition:
    current = _current(book, table.id) or _new_calendar(table.id, book)
    sessions = {session_of(session) for session in rules.session if session.calendar == table.id}
    overrides = {override.on: override for override in current.overrides}
    overrides |= {override.on: override_of(override) for override in rules.override if override.calendar == table.id}
    country = table.holidays or current.holidays
    public = PublicHolidays(days_off=current.days_off, make_up_days=current.make_up_days)
    if refresh_holidays or country != current.holidays:
        public = _public_holidays(book, country, refresh=refresh_holidays)
    return CalendarDefinition(
        id=table.id,
        time_zone=table.time_zone or current.time_zone,
        units=tuple(sorted({*current.units, *table.units})),
        holidays=country,
        days_off=public.days_off,
        make_up_days=public.make_up_days,
        sessions=tuple(sorted(sessions, key=_session_order)) or current.sessions,
        overrides=tuple(sorted(overrides.values(), key=_override_order)),
        due_on_day_off=table.due_on_day_off or current.due_on_day_off,
    )


def _new_calendar(calendar_id: str, book: RuleBook) -> CalendarDefinition:
    """A calendar of which nothing is said but its id."""
    public = _public_holidays(book, DEFAULT_HOLIDAYS)
    return CalendarDefinition(
        id=calendar_id,
        time_zone=DEFAULT_TIME_ZONE,
        holidays=DEFAULT_HOLIDAYS,
        days_off=public.days_off,
        make_up_days=public.make_up_days,
    )


def _public_holidays(book: RuleBook, country: str, *, refresh: bool = False) -> PublicHolidays:
    """The country's holidays: those that a calendar has already, so that calendars agree, else those of the package."""
    if not refresh:
        for calendar in book.calendars.values():
            definition = calendar.definition
            if calendar.version > 0 and definition.holidays == country:
                return PublicHolidays(days_off=definition.days_off, make_up_days=definition.make_up_days)
    return public_holidays_of(country)


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
