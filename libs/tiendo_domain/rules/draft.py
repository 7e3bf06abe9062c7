"""A rule book in the making: definitions put in place of what stood for the same thing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from tiendo_domain.rules.calendars import VersionedCalendar, with_definitions
from tiendo_domain.rules.dated import newest_first
from tiendo_domain.rules.definitions import (
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
from tiendo_domain.rules.officers import with_absence
from tiendo_domain.rules.steps import with_step


@dataclass(slots=True, kw_only=True)
class Draft:
    """The parts of a rule book, altered in place; its maps are the draft's own."""

    calendars: dict[str, VersionedCalendar]
    unit_rules: dict[str, tuple[UnitRule, ...]]
    procedures: dict[str, tuple[ProcedureRule, ...]]
    officers: dict[str, tuple[OfficerRule, ...]]
    absences: dict[str, tuple[AbsenceRule, ...]]
    steps: dict[str, tuple[StepRule, ...]]
    national: dict[str, NationalRule]
    publications: dict[str, tuple[PublicationRule, ...]]
    placeholders: tuple[str, ...]

    def apply(self, definitions: Sequence[Definition], known_since: datetime | None) -> None:
        """Put the definitions in, which are applied together at `known_since` (None: known since ever)."""
        calendars = [one for one in definitions if isinstance(one, CalendarDefinition)]
        if calendars:
            self.calendars = with_definitions(self.calendars, calendars, known_since)
        for definition in definitions:
            self._put(definition)

    def _put(self, definition: Definition) -> None:
        match definition:
            case CalendarDefinition():
                # Together with the others of its application, in `apply`.
                pass
            case UnitRule() | ProcedureRule() | OfficerRule() | PublicationRule():
                self._put_dated(definition)
            case AbsenceRule(officer=identity):
                self.absences[identity] = with_absence(self.absences.get(identity, ()), definition)
            case StepRule(procedure=identity):
                self.steps[identity] = with_step(self.steps.get(identity, ()), definition)
            case NationalRule(source=identity):
                self.national[identity] = definition
            case PlaceholdersDefinition(names=names):
                self.placeholders = names
            case _:
                assert_never(definition)

    def _put_dated(self, definition: UnitRule | ProcedureRule | OfficerRule | PublicationRule) -> None:
        """What is in force from its first day on, until a newer one of the same id is."""
        match definition:
            case UnitRule(id=identity):
                self.unit_rules[identity] = newest_first(self.unit_rules.get(identity, ()), definition)
            case ProcedureRule(id=identity):
                self.procedures[identity] = newest_first(self.procedures.get(identity, ()), definition)
            case OfficerRule(id=identity):
                self.officers[identity] = newest_first(self.officers.get(identity, ()), definition)
            case PublicationRule(unit=identity):
                self.publications[identity] = newest_first(self.publications.get(identity, ()), definition)
            case _:
                assert_never(definition)
