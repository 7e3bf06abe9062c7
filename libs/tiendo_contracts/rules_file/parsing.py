"""From TOML text to tables, with every problem named: which table, which entry, which key, what would be right."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from tiendo_contracts.rules_file.errors import RulesFileError, RulesFileProblem, entry_place
from tiendo_contracts.rules_file.tables import RulesTables
from tiendo_contracts.texts.toml_text import TomlInvalid, toml_tables


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
    return RulesFileProblem(place=_place(details["loc"]), message=_message(details), entry=_entry(details["loc"]))


def _entry(location: tuple[int | str, ...]) -> tuple[str, int, str | None] | None:
    match location:
        case (str(table), int(index)) if table != "placeholders":
            return table, index, None
        case (str(table), int(index), str(key), *_):
            return table, index, key
        case _:
            return None


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
_RIGHT = {
    "int_type": "write a whole number, without quotes",
    "string_type": "write a text in quotes",
    "greater_than_equal": "the least is {ge}",
    "less_than_equal": "the most is {le}",
    "string_too_long": "at most {max_length} characters",
    "enum": "it must be {expected}",
}
"""What would be right, by pydantic's kind of the problem, with the names of its bounds."""


def _message(details: ErrorDetails) -> str:
    kind, value = details["type"], details["input"]
    if kind in _FIXED_MESSAGES:
        return _FIXED_MESSAGES[kind]
    if kind == "extra_forbidden":
        return f"is not known; known are {', '.join(_known_keys(details['loc']))}"
    if kind in _RIGHT:
        return f"is {_shown(value)}; {_RIGHT[kind].format(**details.get('ctx', {}))}"
    # What is wrong with an entry as a whole names its keys; the value of a key is shown before what is wrong with it.
    return details["msg"] if isinstance(value, Mapping) else f"{_shown(value)} {details['msg']}"


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:80]}…"  # noqa: PLR2004 - one line of a terminal


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    model: type[BaseModel] = RulesTables
    if len(location) > 1:
        model = get_args(RulesTables.model_fields[str(location[0])].annotation)[0]
    return sorted(field.alias or name for name, field in model.model_fields.items())


def _contradictions(rules: RulesTables) -> Iterator[RulesFileProblem]:
    """What no single entry shows."""
    yield from _repeated("unit", rules.unit, "id", "valid_from")
    yield from _repeated("calendar", rules.calendar, "id")
    yield from _repeated("procedure", rules.procedure, "id", "valid_from")
    yield from _repeated("override", rules.override, "calendar", "date")
    yield from _repeated("officer", rules.officer, "id", "valid_from")
    yield from _repeated("absence", rules.absence, "officer", "from", "to")
    yield from _repeated("step", rules.step, "procedure", "id", "valid_from")
    yield from _repeated("national", rules.national, "source")
    yield from _repeated("publication", rules.publication, "unit", "valid_from")
    yield from _claimed_twice(rules)


def _repeated(table: str, entries: Sequence[BaseModel], *keys: str) -> Iterator[RulesFileProblem]:
    """The entries of a table that say anew what another of the same `keys` has said; `valid_from` left out is a value too."""
    seen: dict[tuple[str, ...], int] = {}
    for index, entry in enumerate(entries):
        members = entry.model_dump(mode="json", by_alias=True, include=_fields_of(entry, keys))
        shown = tuple(f"{key} {members[key]}" for key in keys if members[key] is not None)
        first = seen.setdefault(shown, index)
        if first != index:
            message = f"the {table} of {', '.join(shown)} stands already in number {first + 1}; keep one of the two"
            yield RulesFileProblem.of_entry(table, index, None, message)


def _fields_of(entry: BaseModel, keys: Collection[str]) -> set[str]:
    return {name for name, member in type(entry).model_fields.items() if (member.alias or name) in keys}


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
