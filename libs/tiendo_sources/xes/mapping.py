"""The mapping file: which attributes of a log mean what.

The file is TOML. Tables of a rules file (rule R), such as `[[calendar]]` and `[[session]]`, may stand in it and are applied with the import;
everything else is read here.
"""

from datetime import time
from functools import cached_property
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import Field

from tiendo_contracts.rules_file import RulesTables
from tiendo_domain.names import name_key
from tiendo_sources.errors import MappingError
from tiendo_sources.mapping_values import (
    FixedName,
    InstantFormat,
    MappingTable,
    SourceName,
    TimeOfDay,
    ZoneName,
    checked_mapping,
    mapping_tables,
)
from tiendo_sources.written_instants import Notation
from tiendo_sources.xes.reader import Attributes

RULE_TABLES = tuple(RulesTables.model_fields)
STANDARD_SOURCE = "/xes"


class CaseAttributes(MappingTable):
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


class UnitAttributes(MappingTable):
    """The responsible unit: a trace attribute, else `default`, else `parent`; all stand below `parent`, which has the calendar."""

    attribute: str | None = None
    default: FixedName | None = None
    parent: FixedName | None = None


class EventAttributes(MappingTable):
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


class TimeReading(MappingTable):
    """How instants are written, and the calendar that counts working time.

    `zone` is that of instants without an offset, `time_of_day` that of dates alone; both are left out and told where it is not said.
    `format` is a notation other than ISO 8601, in the directives of strptime.
    """

    zone: ZoneName | None = None
    format: InstantFormat | None = None
    time_of_day: TimeOfDay | None = None
    calendar: str | None = None

    @cached_property
    def notation(self) -> Notation:
        """How to read the log's instants."""
        return Notation(
            zone=ZoneInfo(self.zone) if self.zone else None,
            format=self.format,
            time_of_day=time.fromisoformat(self.time_of_day) if self.time_of_day else None,
        )


class Mapping(MappingTable):
    """What the attributes of one log mean; a value in `no_name` names nobody. `whole`: the log lists everything that its source has."""

    source: SourceName
    whole: bool = False
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
    return mapping_and_rules(mapping_tables(text))


def mapping_and_rules(document: dict[str, Any]) -> tuple[Mapping, dict[str, Any]]:
    """The same of the tables of a mapping file."""
    rules = {name: document.pop(name) for name in RULE_TABLES if name in document}
    mapping = checked_mapping(document, Mapping)
    return mapping, _with_calendar_units(mapping, rules)


def default_mapping() -> Mapping:
    """What the standard extensions of XES say, and nothing that a log does not: no due, no end, no responsible unit.

    Cases stay open; instants without an offset are left out; the default calendar counts. The source is the same for every log, whatever
    its file is called: the same log twice is recognised, and two logs with the same case ids are in conflict instead of mixed up unseen.
    """
    return Mapping(source=STANDARD_SOURCE)


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
