"""The rules file: TOML that people write (section R), turned into the directory facts that it changes, and back."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tiendo_contracts.directory import directory_event
from tiendo_contracts.rules_file.errors import RulesFileError, RulesFileProblem
from tiendo_contracts.rules_file.merging import definitions_to_append
from tiendo_contracts.rules_file.parsing import parse, parse_tables
from tiendo_contracts.rules_file.rules_texts import rules_entries, rules_text
from tiendo_contracts.rules_file.tables import RulesTables
from tiendo_domain.rules import RuleBook

__all__ = [
    "RulesFileError",
    "RulesFileProblem",
    "RulesTables",
    "definitions_to_append",
    "events_to_append",
    "parse",
    "parse_tables",
    "rules_entries",
    "rules_text",
]


def events_to_append(
    rules: str | Mapping[str, Any], book: RuleBook, *, at: datetime, refresh_holidays: bool = False
) -> list[dict[str, Any]]:
    """The CloudEvents that bring `book` to what the rules say, in the order to append them; none where it is so already.

    `rules` is the text of a TOML file or its parsed tables; `at` (aware) becomes the events' `time`.
    Raises `RulesFileError` with all that is wrong.
    """
    tables = parse(rules) if isinstance(rules, str) else parse_tables(rules)
    definitions = definitions_to_append(tables, book, refresh_holidays=refresh_holidays)
    return [directory_event(definition, at=at) for definition in definitions]
