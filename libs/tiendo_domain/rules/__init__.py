"""The configuration as facts: calendars, units, procedures and placeholders, folded into one rule book (section R)."""

from tiendo_domain.rules.definitions import (
    CalendarDefinition,
    Definition,
    DirectoryFact,
    Override,
    PauseMode,
    PlaceholdersDefinition,
    ProcedureRule,
    UnitRule,
)
from tiendo_domain.rules.placeholders import DEFAULT_PLACEHOLDERS
from tiendo_domain.rules.procedures import without_local_suffix
from tiendo_domain.rules.rule_book import RuleBook
from tiendo_domain.rules.touched import Touched

__all__ = [
    "DEFAULT_PLACEHOLDERS",
    "CalendarDefinition",
    "Definition",
    "DirectoryFact",
    "Override",
    "PauseMode",
    "PlaceholdersDefinition",
    "ProcedureRule",
    "RuleBook",
    "Touched",
    "UnitRule",
    "without_local_suffix",
]
