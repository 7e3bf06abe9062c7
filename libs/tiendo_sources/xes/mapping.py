"""The mapping file: which attributes of a log mean what.

The file is TOML. Tables of a rules file (rule R), such as `[[calendar]]` and `[[session]]`, may stand in it and are applied with the import;
everything else is read here.
"""

import json
from datetime import time
from functools import cached_property
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from tiendo_contracts.event_types import RESERVED_SOURCE
from tiendo_contracts.rules_file import RulesTables
from tiendo_contracts.toml_text import TomlInvalid, toml_tables
from tiendo_domain.names import name_key
from tiendo_sources.errors import MappingError
from tiendo_sources.written_instants import Notation, checked_format
from tiendo_sources.xes.fitted_names import ID_LENGTH_MAX, NAME_LENGTH_MAX
from tiendo_sources.xes.reader import Attributes

RULE_TABLES = tuple(RulesTables.model_fields)
STANDARD_SOURCE = "/xes"


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write one such as Europe/Amsterdam or Asia/Ho_Chi_Minh") from error
    return name


def _usable_source(source: str) -> str:
    if not source.isprintable() or not source.strip() or source in {".", "..", RESERVED_SOURCE}:
        raise ValueError(f"{source!r} cannot be a source; write a path of your own such as {STANDARD_SOURCE}/my-log")
    return source


def _time_of_day(text: str) -> str:
    try:
        if time.fromisoformat(text).tzinfo is None:
            return text
    except ValueError:
        pass
    raise ValueError(f"{text!r} is no time of day; write one such as 17:00")


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class FixedName(_Table):
    """A fixed id and name."""

    id: Annotated[str, Field(min_length=1, max_length=ID_LENGTH_MAX)]
    name: Annotated[str, Field(max_length=NAME_LENGTH_MAX)] | None = None


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
    procedure: FixedName | None = None
    field: FixedName | None = None


class UnitAttributes(_Table):
    """The responsible unit: a trace attribute, else `default`, else `parent`; all stand below `parent`, which has the calendar."""

    attribute: str | None = None
    default: FixedName | None = None
    parent: FixedName | None = None


class EventAttributes(_Table):
    """The event attributes.

    `transitions`: those of the events that count in a log that tells no starts (rule X1); none named: all. Where starts are told every event
    counts as rule X2 says.
    """

    time: str = "time:timestamp"
    resource: str = "org:resource"
    group: str = "org:group"
    activity: str = "concept:name"
    transition: str = "lifecycle:transition"
    transitions: tuple[str, ...] = ()

    @cached_property
    def counted(self) -> frozenset[str]:
        """The `transitions` as they are compared."""
        return frozenset(each.strip().casefold() for each in self.transitions)


class TimeReading(_Table):
    """How instants are written, and the calendar that counts working time.

    `zone` is that of instants without an offset, `time_of_day` that of dates alone; both are left out and told where it is not said.
    `format` is a notation other than ISO 8601, in the directives of strptime.
    """

    zone: Annotated[str, AfterValidator(_known_zone)] | None = None
    format: Annotated[str, Field(max_length=100), AfterValidator(checked_format)] | None = None
    time_of_day: Annotated[str, AfterValidator(_time_of_day)] | None = None
    calendar: str | None = None

    @cached_property
    def notation(self) -> Notation:
        """How to read the log's instants."""
        return Notation(
            zone=ZoneInfo(self.zone) if self.zone else None,
            format=self.format,
            time_of_day=time.fromisoformat(self.time_of_day) if self.time_of_day else None,
        )


class Mapping(_Table):
    """What the attributes of one log mean; a value in `no_name` names nobody."""

    source: Annotated[str, Field(max_length=200), AfterValidator(_usable_source)]
    time: TimeReading = TimeReading()
    no_name: tuple[str, ...] = ("UNKNOWN", "EMPTY", "NONE", "MISSING", "UNDEFINED", "__INVALID__", "")
    case: CaseAttributes = CaseAttributes()
    responsible_unit: UnitAttributes = UnitAttributes()
    event: EventAttributes = EventAttributes()

    @property
    def keys(self) -> frozenset[str]:
        """The attributes that are read; nothing else of a log is."""
        event = self.event
        return self.case_keys | {event.time, event.resource, event.group, event.activity, event.transition}

    @property
    def case_keys(self) -> frozenset[str]:
        """Those of them that stand in traces."""
        case, unit = self.case, self.responsible_unit
        named = (case.id, case.start, case.due, case.end, case.responsible, case.channel, unit.attribute)
        return frozenset(key for key in named if key is not None)

    def name(self, attributes: Attributes, key: str | None) -> str | None:
        """The name that the attribute `key` bears; None where it names nobody."""
        value = attributes.get(key, "").strip() if key else ""
        return None if value in self.no_name or not name_key(value) else value


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
    return Mapping(source=STANDARD_SOURCE)


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
