"""The cases of an object-centric log as traces, by the objects that its events belong to."""

from array import array
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tiendo_sources.errors import TraceTooLong
from tiendo_sources.ocel.mapping import ObjectTypes
from tiendo_sources.ocel.reader import Attribute, Event, OcelLog, Relationship
from tiendo_sources.xes.mapping import Mapping as LogMapping
from tiendo_sources.xes.reader import EVENTS_PER_TRACE_MAX, Attributes, ElementPart, Stray, Trace

_CASES = ("case", "Case", "dossier", "application", "ho-so", "hồ sơ")
_RESOURCES = frozenset({
    "officer", "resource", "resources", "employee", "employees", "user", "person", "staff", "worker", "agent", "clerk", "cán bộ",
})  # fmt: skip
_GROUPS = frozenset({"unit", "group", "department", "team", "organization", "organisation", "role", "đơn vị"})
_HOLDER = "holder"


@dataclass(slots=True, kw_only=True)
class CaseEvents:
    """A case: the attributes of its object, and the numbers of its events in the order of the log."""

    attributes: Attributes
    events: "array[int]" = field(default_factory=lambda: array("Q"))


@dataclass(frozen=True, slots=True, kw_only=True)
class OcelCases:
    """The cases of a log by their objects' ids, in the order of their first events, and the numbers of events that belong to none.

    `types` are those that were chosen.
    """

    types: ObjectTypes
    types_of: Mapping[str, str]
    cases: Mapping[str, CaseEvents]
    strays: Sequence[int]

    @property
    def told(self) -> str:
        """The types in words."""
        kinds = (("cases", self.types.case), ("who worked", self.types.resource), ("their groups", self.types.group))
        return ", ".join(f"{kind}: “{name}”" if name else f"{kind}: none" for kind, name in kinds)


def cases_of(log: OcelLog, wanted: ObjectTypes) -> OcelCases:
    """The cases of the log; the types that `wanted` leaves open are chosen by their names, else by how many events have such objects.

    Raises LogUnreadable.
    """
    types_of = {each.id: each.type for each in log.objects()}
    types = _chosen(log, wanted, types_of)
    cases: dict[str, CaseEvents] = {
        each.id: CaseEvents(attributes=_latest(each.attributes or ()))
        for each in log.objects()
        if each.type == types.case
    }
    order: dict[str, CaseEvents] = {}
    strays = array("Q")
    for number in range(len(log.raw_events)):
        found = {one.object_id for one in log.event(number).relationships or () if one.object_id in cases}
        if not found:
            strays.append(number)
        for case_id in sorted(found):
            case = order.setdefault(case_id, cases[case_id])
            case.events.append(number)
            if len(case.events) > EVENTS_PER_TRACE_MAX:
                raise TraceTooLong(len(order), EVENTS_PER_TRACE_MAX)
    return OcelCases(types=types, types_of=types_of, cases=order, strays=strays)


def traces(log: OcelLog, cases: OcelCases, mapping: LogMapping) -> Iterator[Trace | Stray]:
    """Yield each case as a trace, and behind them the events that belong to none."""
    for number, (case_id, case) in enumerate(cases.cases.items(), start=1):
        events = tuple(_attributes(log.event(each), cases, mapping) for each in case.events)
        yield Trace(number=number, attributes={**case.attributes, mapping.case.id: case_id}, events=events)
    for number, each in enumerate(cases.strays, start=1):
        yield Stray(part=ElementPart.EVENT, number=number, attributes=_attributes(log.event(each), cases, mapping))


def _attributes(event: Event, cases: OcelCases, mapping: LogMapping) -> Attributes:
    """What an event says, by the keys by which the mapping asks: its own attributes, its type, its time and its objects."""
    names = mapping.event
    said = {each.name: each.text for each in event.attributes or ()}
    relations = event.relationships or ()
    resource = _related(relations, cases, cases.types.resource)
    group = _related(relations, cases, cases.types.group)
    said |= {names.activity: event.type, names.time: event.time or ""}
    said |= {key: value for key, value in ((names.resource, resource), (names.group, group)) if value}
    return said


def _related(relations: Sequence[Relationship], cases: OcelCases, type_: str | None) -> str | None:
    """The object of the type that an event belongs to; None where there is none, or several of which nothing says which."""
    if type_ is None:
        return None
    found = [one for one in relations if cases.types_of.get(one.object_id) == type_]
    qualifier = cases.types.qualifier or _HOLDER
    named = [one for one in found if one.qualifier == qualifier]
    ids = {one.object_id for one in (named or ([] if cases.types.qualifier else found))}
    return ids.pop() if len(ids) == 1 else None


def _chosen(log: OcelLog, wanted: ObjectTypes, types_of: Mapping[str, str]) -> ObjectTypes:
    counted: Counter[str] = Counter(dict.fromkeys(types_of.values(), 0))
    if wanted.case is None:
        for number in range(len(log.raw_events)):
            relations = log.event(number).relationships or ()
            counted.update({types_of[one.object_id] for one in relations if one.object_id in types_of})
    resource = wanted.resource or _named(counted, _RESOURCES)
    group = wanted.group or _named(counted, _GROUPS)
    case = wanted.case or next((name for name in _CASES if name in counted), None)
    others = {name: number for name, number in counted.items() if name not in {resource, group}}
    most = max(sorted(others), key=lambda name: others[name], default=None)
    return ObjectTypes(case=case or most, resource=resource, group=group, qualifier=wanted.qualifier)


def _named(counted: Counter[str], names: frozenset[str]) -> str | None:
    return next((name for name in sorted(counted) if name.casefold() in names), None)


def _latest(attributes: Sequence[Attribute]) -> Attributes:
    """The values of an object as they were last."""
    return {each.name: each.text for each in sorted(attributes, key=lambda one: one.time or "")}
