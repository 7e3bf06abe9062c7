"""One trace of a log with completions only, as case events (rule X).

Such a log says who finished something, not who held the case. So the time before an event is put to that event's resource, under a source
that begins with `/inferred/`; after the last event the holder is unknown. The responsible officer of the case is the actor of its reception:
shown, never a holder (rule H2).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tiendo_contracts.instants import parse_instant
from tiendo_sources.xes.mapping import Mapping, NamedThing
from tiendo_sources.xes.names import identified, short_case_id
from tiendo_sources.xes.reader import Attributes, Trace

CloudEvent = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Something that `resource` (of `group`) had finished by `at`."""

    at: datetime
    activity: str | None
    resource: str | None
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreadable:
    """What could not be taken over because it bears no instant: where it stands, and the text that stood there (None: nothing)."""

    where: str
    text: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The case events of one trace in order of time, and what of it could not be taken over."""

    case_id: str
    events: tuple[CloudEvent, ...]
    unreadable: tuple[Unreadable, ...]


class XesTranslator:
    """Turns the traces of one log into case events.

    It remembers the case ids that it gave out, so that a second trace of the same name becomes a case of its own (`name~2`).
    """

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._zone = ZoneInfo(mapping.time.zone) if mapping.time.zone else None
        self._transitions = {name.casefold() for name in mapping.event.transitions}
        self._times_given: dict[str, int] = {}

    def translate(self, trace: Trace) -> Translation:
        """The events of `trace`; none when nothing in it bears an instant."""
        case_id = self._case_id(trace)
        unreadable: list[Unreadable] = []
        completions = self._completions(trace, unreadable)
        start, due, end = (
            self._case_instant(trace, key, unreadable)
            for key in (self._mapping.case.start, self._mapping.case.due, self._mapping.case.end)
        )
        end = end or self._end_by_activity(completions)
        instants = [instant for instant in (start, end, *(completion.at for completion in completions)) if instant]
        if not instants:
            return Translation(case_id=case_id, events=(), unreadable=tuple(unreadable))
        # A case cannot have been received after something happened to it, whatever its start attribute says.
        events = [self._received(trace, min(instants), due, completions), *self._handovers(completions)]
        if end is not None:
            events.append(_event("completed", end, {}))
        return Translation(case_id=case_id, events=tuple(self._sealed(case_id, events)), unreadable=tuple(unreadable))

    def _case_id(self, trace: Trace) -> str:
        name = trace.attributes.get(self._mapping.case.id, "").strip() or f"trace-{trace.number}"
        times = self._times_given[name] = self._times_given.get(name, 0) + 1
        return short_case_id(self._mapping.case.prefix + (name if times == 1 else f"{name}~{times}"))

    def _completions(self, trace: Trace, unreadable: list[Unreadable]) -> list[Completion]:
        names = self._mapping.event
        counted = [(number, event) for number, event in enumerate(trace.events, start=1) if self._counts(event)]
        found = []
        for number, event in counted or list(enumerate(trace.events, start=1)):
            text = event.get(names.time)
            at = self._instant(text)
            if at is None:
                unreadable.append(Unreadable(where=f"trace {trace.number}, event {number}, {names.time}", text=text))
                continue
            found.append(
                Completion(
                    at=at,
                    activity=self._name(event, names.activity),
                    resource=self._name(event, names.resource),
                    group=self._name(event, names.group),
                )
            )
        return sorted(found, key=lambda completion: completion.at)

    def _counts(self, event: Attributes) -> bool:
        transition = event.get(self._mapping.event.transition)
        return transition is None or transition.strip().casefold() in self._transitions

    def _end_by_activity(self, completions: list[Completion]) -> datetime | None:
        names = self._mapping.case.end_activities
        return next((completion.at for completion in reversed(completions) if completion.activity in names), None)

    def _received(self, trace: Trace, at: datetime, due: datetime | None, completions: list[Completion]) -> CloudEvent:
        case = self._mapping.case
        holder = _holding(completions[0]) if completions else {}
        responsible = self._name(trace.attributes, case.responsible)
        data = {
            "procedure": _named(case.procedure),
            "field": _named(case.field),
            "channel": self._name(trace.attributes, case.channel),
            "unit": self._responsible_unit(trace),
            "due_at": due.isoformat() if due else None,
            "actor": identified(responsible) if responsible else None,
            **holder,
        }
        return _event("received", at, {key: value for key, value in data.items() if value})

    def _handovers(self, completions: list[Completion]) -> Iterator[CloudEvent]:
        for finished, following in zip(completions, [*completions[1:], None], strict=True):
            data = _holding(following) if following else {}
            if finished.resource:
                data["actor"] = identified(finished.resource)
            yield _event("forwarded", finished.at, data)

    def _responsible_unit(self, trace: Trace) -> dict[str, Any]:
        names = self._mapping.responsible_unit
        found = self._name(trace.attributes, names.attribute)
        unit = identified(found) if found else _named(names.default or names.parent)
        if unit and names.parent is not None and unit["id"] != names.parent.id:
            unit["parent"] = names.parent.id
        return unit

    def _name(self, attributes: Attributes, key: str | None) -> str | None:
        value = attributes.get(key, "").strip() if key else ""
        return None if value in self._mapping.no_name or not value else value

    def _case_instant(self, trace: Trace, key: str | None, unreadable: list[Unreadable]) -> datetime | None:
        text = trace.attributes.get(key) if key else None
        at = self._instant(text)
        if at is None and text is not None and text not in self._mapping.no_name:
            unreadable.append(Unreadable(where=f"trace {trace.number}, {key}", text=text))
        return at

    def _instant(self, text: str | None) -> datetime | None:
        """The instant in `text`, in the mapping's zone where it bears no offset; None when there is none that can be kept."""
        if text is None:
            return None
        try:
            at = datetime.fromisoformat(text.strip())
            at = at if at.tzinfo else at.replace(tzinfo=self._zone)
            return at if parse_instant(at.isoformat()) else None
        except (ValueError, OverflowError):
            return None

    def _sealed(self, case_id: str, events: list[CloudEvent]) -> Iterator[CloudEvent]:
        for number, event in enumerate(events, start=1):
            kind = event["type"].split(".")[-2]
            yield {
                "specversion": "1.0",
                "id": f"{case_id}/{number}/{kind}",
                "source": self._mapping.source,
                "subject": case_id,
                "sequence": str(number),
                "datacontenttype": "application/json",
                **event,
            }


def _holding(completion: Completion) -> dict[str, Any]:
    """Who held the case until `completion`, and in which step: its resource, else its group, else nobody known."""
    data: dict[str, Any] = {}
    unit = identified(completion.group) if completion.group else None
    if completion.resource:
        data["holder"] = identified(completion.resource) | ({"unit": unit} if unit else {})
    elif unit:
        data["holder"] = {"unit": unit}
    if completion.activity:
        data["step"] = identified(completion.activity)
    return data


def _named(thing: NamedThing | None) -> dict[str, Any]:
    return thing.model_dump(exclude_none=True) if thing else {}


def _event(kind: str, at: datetime, data: dict[str, Any]) -> CloudEvent:
    return {"type": f"vn.tiendo.case.{kind}.v1", "time": at.isoformat(), "data": data}
