"""What mapping files of all formats say in the same way, and how they are read: TOML, every key of which is known."""

import json
from collections.abc import Mapping as Tables
from datetime import time
from pathlib import Path
from typing import Annotated, Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tiendo_contracts.events.event_types import RESERVED_SOURCES
from tiendo_contracts.texts.toml_text import TomlInvalid, toml_tables, toml_text
from tiendo_domain.rules import RuleBook
from tiendo_sources.errors import MappingError
from tiendo_sources.fitted_names import ID_LENGTH_MAX, NAME_LENGTH_MAX
from tiendo_sources.written_instants import checked_format


def mapping_text(path: Path) -> str:
    """The text of the mapping file; raises MappingError for what is no TOML in UTF-8, OSError for a file that cannot be read."""
    try:
        return toml_text(path)
    except TomlInvalid as error:
        raise MappingError("whole file", str(error)) from error
    except UnicodeDecodeError as error:
        raise MappingError("whole file", "is not UTF-8 text; save it as UTF-8, as TOML is") from error


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Amsterdam or Asia/Ho_Chi_Minh") from error
    return name


def _usable_source(source: str) -> str:
    if not source.isprintable() or not source.strip() or source in {".", "..", *RESERVED_SOURCES}:
        raise ValueError(f"{source!r} cannot be a source; write a path of your own such as /kontum/my-log")
    return source


def _time_of_day(text: str) -> str:
    try:
        if time.fromisoformat(text).tzinfo is None:
            return text
    except ValueError:
        pass
    raise ValueError(f"{text!r} is no time of day; write one such as 17:00")


SourceName = Annotated[str, Field(max_length=200), AfterValidator(_usable_source)]
"""The `source` of the events."""
ZoneName = Annotated[str, AfterValidator(_known_zone)]
"""A time zone."""
InstantFormat = Annotated[str, Field(max_length=100), AfterValidator(checked_format)]
"""How instants are written, in the directives of strptime."""
TimeOfDay = Annotated[str, AfterValidator(_time_of_day)]
"""A time of day without a zone."""


class MappingTable(BaseModel):
    """A table of a mapping file; what it does not name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FixedName(MappingTable):
    """A fixed id and name."""

    id: Annotated[str, Field(min_length=1, max_length=ID_LENGTH_MAX)]
    name: Annotated[str, Field(max_length=NAME_LENGTH_MAX)] | None = None


def mapping_tables(text: str) -> dict[str, Any]:
    """The tables of a mapping file; raises MappingError where the text is no TOML."""
    try:
        return toml_tables(text)
    except TomlInvalid as error:
        raise MappingError("whole file", str(error)) from error


Model = TypeVar("Model", bound=MappingTable)


def checked_mapping(tables: Tables[str, Any], model: type[Model]) -> Model:
    """The mapping in the tables; raises MappingError for an unknown or missing key or a value of the wrong kind, and names the place."""
    try:
        # TOML arrays are lists; the strict models take tuples only from JSON
        return model.model_validate_json(json.dumps(tables, default=str))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "whole file"
        raise MappingError(where, first["msg"]) from error


def zone_of(name: str | None, rules: RuleBook) -> ZoneInfo:
    """The zone that a mapping names for instants without an offset; without one that of the default calendar of the rules."""
    return rules.default_calendar.zone if name is None else ZoneInfo(name)


def toml_string(text: str) -> str:
    """The text as a string of TOML on one line, in which nothing is lost."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
