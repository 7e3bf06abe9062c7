"""The mapping file: which attributes of a log mean what.

The file is TOML. Its tables `[[calendar]]`, `[[session]]`, `[[override]]`, `[[unit]]`, `[[procedure]]` are those of rule R
and are applied with the import; everything else is read here.
"""

import json
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tiendo_contracts.toml_text import TomlInvalid, toml_tables
from tiendo_sources.errors import MappingError

RULE_TABLES = ("calendar", "session", "override", "unit", "procedure", "placeholders")
INFERRED = "/inferred/"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Amsterdam or Asia/Ho_Chi_Minh") from error
    return name


def _inferred_source(source: str) -> str:
    if not source.startswith(INFERRED):
        raise ValueError(
            f"must begin with {INFERRED!r}: the holders of such a log are inferred, and the source says so"
        )
    return source


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class NamedThing(_Table):
    """A fixed id and name."""

    id: Annotated[str, Field(min_length=1, max_length=200)]
    name: str | None = None


class CaseAttributes(_Table):
    """The trace attributes that say what the case is.

    Without `start` a case begins with its first event. It ends at the instant of `end`, else with its last event whose activity is one
    of `end_activities`, else never. `prefix` goes before every case's id, so that the cases of two logs stay apart.
    """

    id: str = "concept:name"
    prefix: Annotated[str, Field(max_length=30)] = ""
    start: str | None = None
    due: str | None = None
    end: str | None = None
    end_activities: tuple[str, ...] = ()
    responsible: str | None = None
    channel: str | None = None
    procedure: NamedThing | None = None
    field: NamedThing | None = None


class UnitAttributes(_Table):
    """The responsible unit: a trace attribute, else `default`, else `parent`; all stand below `parent`, which has the calendar."""

    attribute: str | None = None
    default: NamedThing | None = None
    parent: NamedThing | None = None


class EventAttributes(_Table):
    """The event attributes; only events in one of the `transitions` (or in none) count, but all those of a trace that has no such event."""

    time: str = "time:timestamp"
    resource: str = "org:resource"
    group: str = "org:group"
    activity: str = "concept:name"
    transition: str = "lifecycle:transition"
    transitions: tuple[str, ...] = ("complete",)


class TimeReading(_Table):
    """The zone of instants written without an offset, which are left out where it is not said, and the calendar that counts working time."""

    zone: Annotated[str, AfterValidator(_known_zone)] | None = None
    calendar: str | None = None


class Mapping(_Table):
    """What the attributes of one log mean; a value in `no_name` names nobody."""

    source: Annotated[str, AfterValidator(_inferred_source), Field(max_length=200)]
    time: TimeReading = TimeReading()
    no_name: tuple[str, ...] = ("UNKNOWN", "EMPTY", "NONE", "MISSING", "UNDEFINED", "__INVALID__", "")
    case: CaseAttributes = CaseAttributes()
    responsible_unit: UnitAttributes = UnitAttributes()
    event: EventAttributes = EventAttributes()


def parse_mapping(text: str) -> tuple[Mapping, dict[str, Any]]:
    """The mapping in the TOML `text`, and the tables of rule R that stand beside it, unchecked.

    Raises:
        MappingError: no TOML, an unknown or missing key, or a value of the wrong kind; the message names the place.
    """
    try:
        document = toml_tables(text)
    except TomlInvalid as error:
        raise MappingError("whole file", str(error)) from error
    rules = {name: document.pop(name) for name in RULE_TABLES if name in document}
    try:
        mapping = Mapping.model_validate_json(_as_json(document))
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "whole file"
        raise MappingError(where, first["msg"]) from error
    return mapping, _with_calendar_units(mapping, rules)


def default_mapping() -> Mapping:
    """What the standard extensions of XES say, and nothing that a log does not: no due, no end, no responsible unit.

    Cases stay open; instants without an offset are left out; the default calendar counts. The source is the same for every log, whatever
    its file is called: the same log twice is recognised, and two logs with the same case ids are in conflict instead of mixed up unseen.
    """
    return Mapping(source=f"{INFERRED}xes")


def _as_json(document: dict[str, Any]) -> str:
    # TOML arrays are lists; the strict models take tuples only from JSON
    return json.dumps(document, default=str)


def _with_calendar_units(mapping: Mapping, rules: dict[str, Any]) -> dict[str, Any]:
    """The rule tables, the mapping's calendar holding for the unit that stands above all others."""
    if mapping.time.calendar is None:
        return rules
    top = mapping.responsible_unit.parent or mapping.responsible_unit.default
    if top is None:
        raise MappingError(
            "time.calendar", "names a calendar but no unit has it; write responsible_unit.parent or .default"
        )
    calendars = [dict(entry) for entry in rules.get("calendar", [])]
    named = [entry for entry in calendars if entry.get("id") == mapping.time.calendar]
    if not named:
        named = [{"id": mapping.time.calendar}]
        calendars += named
    named[0]["units"] = sorted({*named[0].get("units", []), top.id})
    return {**rules, "calendar": calendars}
