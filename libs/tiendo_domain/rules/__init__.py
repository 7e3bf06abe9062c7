"""The configuration as facts, folded into one rule book: calendars, units, procedures, steps, officers, absences and more (section R)."""

from tiendo_domain.calendar import DueOnDayOff
from tiendo_domain.rules.calendars import KnownCalendar
from tiendo_domain.rules.definitions import (
    AbsenceRule,
    CalendarDefinition,
    Definition,
    DirectoryFact,
    EighthState,
    NationalRule,
    OfficerRule,
    Override,
    PauseMode,
    PlaceholdersDefinition,
    ProcedureRule,
    PublicationRule,
    StepRule,
    UnitRule,
)
from tiendo_domain.rules.placeholders import DEFAULT_PLACEHOLDERS
from tiendo_domain.rules.procedures import without_local_suffix
from tiendo_domain.rules.rule_book import RuleBook
from tiendo_domain.rules.touched import Touched
from tiendo_domain.rules.unit_lines import Parents, UnitLines

__all__ = [
    "DEFAULT_PLACEHOLDERS",
    "AbsenceRule",
    "CalendarDefinition",
    "Definition",
    "DirectoryFact",
    "DueOnDayOff",
    "EighthState",
    "KnownCalendar",
    "NationalRule",
    "OfficerRule",
    "Override",
    "Parents",
    "PauseMode",
    "PlaceholdersDefinition",
    "ProcedureRule",
    "PublicationRule",
    "RuleBook",
    "StepRule",
    "Touched",
    "UnitLines",
    "UnitRule",
    "without_local_suffix",
]
