"""One trace of a log with completions only, as case events (rule X).

Such a log says who finished something, not who held the case. So the time before an event is put to that event's resource, under a source
that begins with `/inferred/`; after the last event the holder is unknown. The responsible officer of the case is the actor of its reception:
shown, never a holder (rule H2).
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from tiendo_sources.xes.mapping import Mapping, NamedThing
from tiendo_sources.xes.reader import Attributes, Trace

CASE_ID_LENGTH_MAX = 50
DIGEST_LENGTH = 16

CloudEvent = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """Something that `resource` (of `group`) had finished by `at`."""

    at: datetime
    activity: str | None
    resource: str | None
    group: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """The case events of one trace, and in words what of it could not be taken over."""

    case_id: str
    events: tuple[CloudEvent, ...]
    complaints: tuple[str, ...]


class XesTranslator:
    """Turns the traces of one log into case events.

    It remembers the case ids that it gave out, so that a second trace of the same name becomes a case of its own (`name~2`).
    """

    def __init__(self, mapping: Mapping) -> None:
        self._mapping = mapping
        self._zone = ZoneInfo(mapping.time.zone)
        self._times_given: dict[str, int] = {}

    def translate(self, trace: Trace) -> Translation:
        """The events of `trace` in order of time; none, with a complaint, when nothing in it bears an instant."""
        case_id = self._case_id(trace)
        complaints: list[str] = []
        completions = self._completions(trace, complaints)
        start, due, end = (
            self._case_instant(trace, key, complaints)
            for key in (self._mapping.case.start, self._mapping.case.due, self._mapping.case.end)
        )
        instants = [instant for instant in (start, end, *(completion.at for completion in completions)) if instant]
        if not instants:
            complaints.append("nothing in the trace bears an instant; the case is left out")
            return Translation(case_id=case_id, events=(), complaints=tuple(complaints))
        # A case cannot have been received after something happened to it, whatever its start attribute says.
        received_at = min(instants)
        events = [self._received(trace, received_at, due, completions), *self._handovers(completions)]
        if end is not None:
            events.append(_event("completed", end, {}))
        return Translation(case_id=case_id, events=tuple(self._sealed(case_id, events)), complaints=tuple(complaints))

    def _case_id(self, trace: Trace) -> str:
        name = trace.attributes.get(self._mapping.case.id, "").strip() or f"trace-{trace.number}"
        times = self._times_given[name] = self._times_given.get(name, 0) + 1
        return short_case_id(name if times == 1 else f"{name}~{times}")

    def _completions(self, trace: Trace, complaints: list[str]) -> list[Completion]:
        names = self._mapping.event
        counted = [event for event in trace.events if event.get(names.transition) in names.transitions]
        if not any(names.transition in event for event in trace.events):
            counted = list(trace.events)
        found = []
        for number, event in enumerate(counted, start=1):
            at = self._instant(event.get(names.time), f"event {number}, {names.time}", complaints)
            if at is None:
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

    def _received(self, trace: Trace, at: datetime, due: datetime | None, completions: list[Completion]) -> CloudEvent:
        case = self._mapping.case
        holder = _holding(completions[0]) if completions else {}
        responsible = self._name(trace.attributes, case.responsible)
        channel = self._name(trace.attributes, case.channel)
        data = {
            "procedure": _named(case.procedure),
            "field": _named(case.field),
            "channel": channel,
            "unit": self._responsible_unit(trace),
            "due_at": due.isoformat() if due else None,
            "actor": {"id": responsible, "name": responsible} if responsible else None,
            **holder,
        }
        return _event("received", at, {key: value for key, value in data.items() if value})

    def _handovers(self, completions: list[Completion]) -> Iterator[CloudEvent]:
        for finished, following in zip(completions, [*completions[1:], None], strict=True):
            data = _holding(following) if following else {}
            if finished.resource:
                data["actor"] = {"id": finished.resource, "name": finished.resource}
            yield _event("forwarded", finished.at, data)

    def _responsible_unit(self, trace: Trace) -> dict[str, Any]:
        names = self._mapping.responsible_unit
        found = self._name(trace.attributes, names.attribute)
        unit = {"id": found, "name": found} if found else _named(names.default)
        if names.parent is not None and unit["id"] != names.parent.id:
            unit["parent"] = names.parent.id
        return unit

    def _name(self, attributes: Attributes, key: str | None) -> str | None:
        value = attributes.get(key, "").strip() if key else ""
        return None if value in self._mapping.no_name or not value else value

    def _case_instant(self, trace: Trace, key: str | None, complaints: list[str]) -> datetime | None:
        return self._instant(trace.attributes.get(key), f"trace, {key}", complaints) if key else None

    def _instant(self, text: str | None, where: str, complaints: list[str]) -> datetime | None:
        """The instant in `text`, in the mapping's zone where it bears no offset; None when there is none that can be read."""
        if text is None or text in self._mapping.no_name:
            return None
        try:
            at = datetime.fromisoformat(text.strip())
            at = at if at.tzinfo else at.replace(tzinfo=self._zone)
            at.astimezone(UTC)
        except (ValueError, OverflowError):
            complaints.append(f"{where}: {text!r} is no instant; write it like 2011-10-18T13:46:39.679+02:00")
            return None
        return at

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


def short_case_id(name: str) -> str:
    """`name` itself, or, when it is longer than a case id may be, its beginning and a digest of the whole."""
    printable = "".join(character for character in name if character.isprintable())
    if len(printable) <= CASE_ID_LENGTH_MAX and printable == name and name not in {".", ".."}:
        return name
    digest = hashlib.sha256(name.encode()).hexdigest()[:DIGEST_LENGTH]
    return f"{printable[: CASE_ID_LENGTH_MAX - DIGEST_LENGTH - 1]}~{digest}"


def _holding(completion: Completion) -> dict[str, Any]:
    """Who held the case until `completion`, and in which step: its resource, else its group, else nobody known."""
    data: dict[str, Any] = {}
    unit = {"id": completion.group, "name": completion.group} if completion.group else None
    if completion.resource:
        data["holder"] = {"id": completion.resource, "name": completion.resource} | ({"unit": unit} if unit else {})
    elif unit:
        data["holder"] = {"unit": unit}
    if completion.activity:
        data["step"] = {"id": completion.activity, "name": completion.activity}
    return data


def _named(thing: NamedThing | None) -> dict[str, Any]:
    return thing.model_dump(exclude_none=True) if thing else {}


def _event(kind: str, at: datetime, data: dict[str, Any]) -> CloudEvent:
    return {"type": f"vn.tiendo.case.{kind}.v1", "time": at.isoformat(), "data": data}
