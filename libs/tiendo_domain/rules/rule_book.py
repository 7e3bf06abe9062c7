"""The rule book: everything configured, as it stood after some directory fact (section R, rule T6)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self, assert_never

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.rules.calendars import (
    DEFAULT_CALENDAR,
    Calendars,
    assignments,
    built_in_calendars,
    with_definition,
)
from tiendo_domain.rules.definitions import (
    CalendarDefinition,
    Definition,
    DirectoryFact,
    PlaceholdersDefinition,
    ProcedureRule,
    UnitRule,
)
from tiendo_domain.rules.placeholders import DEFAULT_PLACEHOLDERS, placeholder_key
from tiendo_domain.rules.procedures import newest_first, rule_of
from tiendo_domain.rules.touched import Touched, touched_between


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleBook:
    """Calendars, units, procedures and placeholders at one point of the log; a value.

    `unit_calendars` says which calendar a unit was given itself; `calendar_of` follows the ancestors too.
    `procedures` maps an id to its rules, newest first. `units` holds the configured units and those that only a calendar names.
    """

    calendars: Calendars = field(default_factory=built_in_calendars)
    unit_calendars: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, UnitRule] = field(default_factory=dict)
    procedures: Mapping[str, tuple[ProcedureRule, ...]] = field(default_factory=dict)
    placeholders: tuple[str, ...] = DEFAULT_PLACEHOLDERS
    _placeholder_keys: frozenset[str] = field(init=False, repr=False, compare=False)
    _working: Mapping[str, WorkingCalendar] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_placeholder_keys", frozenset(map(placeholder_key, self.placeholders)))
        working = {identity: calendar.working_calendar for identity, calendar in self.calendars.items()}
        object.__setattr__(self, "_working", working)

    @classmethod
    def fold(cls, facts: Iterable[DirectoryFact]) -> Self:
        """The rule book after `facts`, which come in the order of the log; never fails on facts that were accepted."""
        return cls().extended(facts)

    def extended(self, facts: Iterable[DirectoryFact]) -> Self:
        """The rule book after further `facts`, in the order of the log."""
        return self.with_definitions(fact.definition for fact in facts)

    def with_definitions(self, definitions: Iterable[Definition]) -> Self:
        """The rule book with each definition in place of what stood for the same thing."""
        calendars, placeholders = self.calendars, self.placeholders
        units, procedures = dict(self.units), dict(self.procedures)
        for definition in definitions:
            match definition:
                case CalendarDefinition():
                    calendars = with_definition(calendars, definition)
                    units = {**{unit: UnitRule(id=unit) for unit in definition.units}, **units}
                case UnitRule():
                    units[definition.id] = definition
                case ProcedureRule():
                    procedures[definition.id] = newest_first(procedures.get(definition.id, ()), definition)
                case PlaceholdersDefinition():
                    placeholders = definition.names
                case _:
                    assert_never(definition)
        return replace(
            self,
            calendars=calendars,
            unit_calendars=assignments(calendars),
            units=units,
            procedures=procedures,
            placeholders=placeholders,
        )

    @property
    def default_calendar(self) -> WorkingCalendar:
        """The province's default: the calendar `vn`."""
        return self._working[DEFAULT_CALENDAR]

    def calendar_of(self, unit_id: str | None, parents: Mapping[str, str]) -> WorkingCalendar:
        """The calendar of a unit: its own, else that of its nearest ancestor that has one, else the default (rule T6).

        A unit's parent is the configured one, else the one in `parents` (child id to parent id, as the case's own events say).
        A circle of parents ends the search.
        """
        if not self.unit_calendars:
            return self.default_calendar
        seen: set[str] = set()
        while unit_id is not None and unit_id not in seen:
            if unit_id in self.unit_calendars:
                return self._working[self.unit_calendars[unit_id]]
            seen.add(unit_id)
            unit_id = self.parent_of(unit_id, parents)
        return self.default_calendar

    def parent_of(self, unit_id: str, parents: Mapping[str, str]) -> str | None:
        """The parent that is configured for a unit, else the one in `parents`; None if neither says."""
        configured = self.units.get(unit_id)
        if configured is not None and configured.parent is not None:
            return configured.parent
        return parents.get(unit_id)

    def procedure(self, procedure_id: str | None, on: date) -> ProcedureRule | None:
        """The rule of a procedure for cases received on the local date `on`; None where nothing is configured (section R).

        By the whole id, else without the local suffix; of each the newest `valid_from` not after `on`.
        """
        return rule_of(self.procedures, procedure_id, on)

    def is_placeholder(self, name: str) -> bool:
        """Whether `name` names nobody (rule H3)."""
        return placeholder_key(name) in self._placeholder_keys

    def touched_by(self, previous: "RuleBook") -> Touched:
        """Which cases, folded with `previous`, this rule book may show otherwise: what a refold list is made of (rule T6)."""
        return touched_between(previous, self)
