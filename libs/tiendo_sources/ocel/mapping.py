"""The mapping of an object-centric log: that of a log of traces, and beside it which objects are cases, people and groups."""

from typing import Any

from tiendo_sources.mapping_values import MappingTable, checked_mapping, mapping_tables
from tiendo_sources.xes.mapping import Mapping, mapping_and_rules

STANDARD_SOURCE = "/ocel"


class ObjectTypes(MappingTable):
    """The types of the objects that are cases, that did something, and the groups of these.

    Where several objects of one kind belong to an event, `qualifier` says which; without it the one that is there as `holder`.
    """

    case: str | None = None
    resource: str | None = None
    group: str | None = None
    qualifier: str | None = None


def parse_ocel_mapping(text: str | None) -> tuple[ObjectTypes, Mapping, dict[str, Any]]:
    """Which objects mean what, the mapping of attributes, and the tables of rule R beside them. Raises MappingError."""
    if text is None:
        return ObjectTypes(), Mapping(source=STANDARD_SOURCE), {}
    tables = mapping_tables(text)
    types = checked_mapping(tables.pop("objects", {}), ObjectTypes)
    return types, *mapping_and_rules(tables)
