"""From TOML text to tables, with every problem named: which table, which entry, which key, what would be right."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tiendo_contracts.rules_file.errors import RulesFileError, RulesFileProblem, entry_place
from tiendo_contracts.rules_file.tables import RulesTables
from tiendo_contracts.toml_text import TomlInvalid, toml_tables


def parse(text: str) -> RulesTables:
    """The tables of a rules file; raises `RulesFileError` with everything that is wrong in the file itself."""
    try:
        tables = toml_tables(text)
    except TomlInvalid as error:
        raise RulesFileError([RulesFileProblem(place="", message=str(error))]) from None
    return parse_tables(tables)


def parse_tables(tables: Mapping[str, Any]) -> RulesTables:
    """The same for what a TOML parser has made of a file, or of a part of one."""
    try:
        rules = RulesTables.model_validate(dict(tables))
    except ValidationError as error:
        raise RulesFileError([_problem(details) for details in error.errors()]) from None
    problems = list(_contradictions(rules))
    if problems:
        raise RulesFileError(problems)
    return rules


def _problem(details: ErrorDetails) -> RulesFileProblem:
    return RulesFileProblem(place=_place(details["loc"]), message=_message(details))


def _place(location: tuple[int | str, ...]) -> str:
    match location:
        case (str(table), int(index)):
            return entry_place(table, index) if table != "placeholders" else f'key "placeholders", number {index + 1}'
        case (str(table), int(index), str(key)):
            return entry_place(table, index, key)
        case (str(table), int(index), str(key), int(element)):
            return f"{entry_place(table, index, key)}, number {element + 1}"
        case _:
            return f'key "{location[0]}"' if location else ""


_FIXED_MESSAGES = {
    "missing": "is missing and required",
    "list_type": "is no list; write it in brackets, tables as [[table]]",
    "model_type": "is no table; write it as [[table]] with its keys below",
}


def _message(details: ErrorDetails) -> str:
    match details["type"]:
        case kind if kind in _FIXED_MESSAGES:
            return _FIXED_MESSAGES[kind]
        case "extra_forbidden":
            return f"is not known; known are {', '.join(_known_keys(details['loc']))}"
        case "enum":
            return f"is {_shown(details['input'])}; it must be {details['ctx']['expected']}"
        case "time" | "date" | "zone" | "country":
            return f"{_shown(details['input'])} {details['msg']}"
        case _:
            return f"{details['msg']} (it is {_shown(details['input'])})"


def _shown(value: object) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 80 else f"{text[:80]}…"  # noqa: PLR2004 - one line of a terminal


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = RulesTables
    if len(location) > 1:
        model = get_args(RulesTables.model_fields[str(location[0])].annotation)[0]
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _contradictions(rules: RulesTables) -> Iterator[RulesFileProblem]:
    """What no single entry shows."""
    yield from _repeated("unit", "unit", (unit.id for unit in rules.unit))
    yield from _repeated("calendar", "calendar", (calendar.id for calendar in rules.calendar))
    yield from _repeated(
        "procedure", "procedure and valid_from", ((rule.id, str(rule.valid_from)) for rule in rules.procedure)
    )
    yield from _repeated(
        "override", "calendar and date", ((override.calendar, str(override.on)) for override in rules.override)
    )
    yield from _claimed_twice(rules)


def _repeated(table: str, what: str, keys: Iterable[Hashable]) -> Iterator[RulesFileProblem]:
    seen: dict[Hashable, int] = {}
    for index, key in enumerate(keys):
        first = seen.setdefault(key, index)
        if first != index:
            shown = ", ".join(map(str, key)) if isinstance(key, tuple) else str(key)
            yield RulesFileProblem(
                place=entry_place(table, index),
                message=f"the {what} {shown} stands already in number {first + 1}; keep one of the two",
            )


def _claimed_twice(rules: RulesTables) -> Iterator[RulesFileProblem]:
    claims: dict[str, list[str]] = defaultdict(list)
    for calendar in rules.calendar:
        for unit in dict.fromkeys(calendar.units):
            claims[unit].append(calendar.id)
    for unit, calendars in claims.items():
        if len(calendars) > 1:
            yield RulesFileProblem(
                place="[[calendar]]",
                message=f"the unit {unit} is in the calendars {' and '.join(calendars)}; a unit has one calendar",
            )
