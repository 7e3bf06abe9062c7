"""Events as an OCEL 2.0 log in JSON, piece by piece; the objects are cases, officers and units."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from tiendo_sources.exported_events import SIMULATED, ExportedEvent, named

_EVENT_ATTRIBUTES: Final = ("step", "reason", "due_at", "simulated")
_OBJECT_ATTRIBUTES: Final = {"case": ("aliases", "simulated"), "officer": ("name", "position"), "unit": ("name",)}
_TEXT: Final = "string"


class OcelText:
    """The text of a log: pieces of events, and behind them those of the objects, which are known when all events are."""

    def __init__(self, event_kinds: Iterable[str]) -> None:
        self._kinds = sorted(event_kinds)
        self._objects: dict[str, dict[str, str]] = {}
        self._is_first = True

    def head(self) -> str:
        """What stands before the first event."""
        types = {
            "objectTypes": [_declared(name, attributes) for name, attributes in _OBJECT_ATTRIBUTES.items()],
            "eventTypes": [_declared(kind, _EVENT_ATTRIBUTES) for kind in self._kinds],
        }
        return json.dumps(types, ensure_ascii=False)[:-1] + ', "events": [\n'

    def event(self, event: ExportedEvent) -> str:
        """One event."""
        said = {
            "step": named(event.step),
            "reason": event.data.get("reason"),
            "due_at": event.data.get("due_at"),
            "simulated": SIMULATED if event.is_simulated else None,
        }
        plain = {
            "id": event.key,
            "type": event.kind,
            "time": event.time,
            "attributes": [{"name": name, "value": value} for name, value in said.items() if value],
            "relationships": [{"objectId": case_key(event.case_id), "qualifier": "case"}, *self._related(event)],
        }
        return self._separated(plain)

    def middle(self) -> str:
        """What stands between the events and the objects."""
        self._is_first = True
        return '\n], "objects": [\n'

    def case(self, case_id: str, aliases: Sequence[str] = ()) -> str:
        """The object of a case, with its other codes."""
        said = {"aliases": "; ".join(aliases)} if aliases else {}
        return self._separated(
            {"id": case_key(case_id), "type": "case", "attributes": _timeless(said), "relationships": []}
        )

    def tail(self) -> str:
        """The officers and units, and the end."""
        return "".join(self._people_and_units()) + "\n]}\n"

    def _people_and_units(self) -> Iterator[str]:
        for key, said in self._objects.items():
            kind = key.partition("/")[0]
            yield self._separated({"id": key, "type": kind, "attributes": _timeless(said), "relationships": []})

    def _related(self, event: ExportedEvent) -> Iterator[dict[str, str]]:
        """Yield the officers and units of an event, each once for what it is in it."""
        holder, actor = event.data.get("holder") or {}, event.data.get("actor") or {}
        found = (
            ("officer", holder, "holder"),
            ("officer", actor, "actor"),
            ("unit", holder.get("unit") or {}, "holder's unit" if _is_named(holder) else "holder"),
            ("unit", actor.get("unit") or {}, "actor's unit"),
            ("unit", event.data.get("unit") or {}, "unit"),
        )
        for kind, thing, qualifier in found:
            if _is_named(thing):
                yield {"objectId": self._object(kind, thing), "qualifier": qualifier}

    def _object(self, kind: str, thing: dict[str, Any]) -> str:
        """The id of an officer's or a unit's object: by id, of an officer without one by name and unit (rule H3)."""
        unit = thing.get("unit") or {}
        parts = (thing["id"],) if thing.get("id") else ("", thing["name"], *filter(None, (named(unit),)))
        key = "/".join((kind, *parts))
        said = {name: thing[name] for name in _OBJECT_ATTRIBUTES[kind] if thing.get(name)}
        self._objects[key] = {**self._objects.get(key, {}), **said}
        return key

    def _separated(self, plain: dict[str, Any]) -> str:
        text = json.dumps(plain, ensure_ascii=False, separators=(",", ":"))
        separated = text if self._is_first else ",\n" + text
        self._is_first = False
        return separated


def _timeless(said: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "time": "1970-01-01T00:00:00Z", "value": value} for name, value in said.items()]


def case_key(case_id: str) -> str:
    """The id of a case's object: its code, which no officer's or unit's object has."""
    return f"case/{case_id}" if case_id.startswith(("case/", "officer/", "unit/")) else case_id


def _is_named(thing: dict[str, Any]) -> bool:
    return bool(thing.get("id") or thing.get("name"))


def _declared(name: str, attributes: Iterable[str]) -> dict[str, Any]:
    return {"name": name, "attributes": [{"name": each, "type": _TEXT} for each in attributes]}
