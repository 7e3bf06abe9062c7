"""Cases as an XES log, piece by piece: a trace each, with the names of the standard extensions and our own beside them."""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from xml.sax.saxutils import quoteattr

from tiendo_sources.exported_events import SIMULATED, ExportedEvent, named

HEAD: Final = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1.0" xes.features="nested-attributes" xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<extension name="Time" prefix="time" uri="http://www.xes-standard.org/time.xesext"/>
<extension name="Organizational" prefix="org" uri="http://www.xes-standard.org/org.xesext"/>
<extension name="Lifecycle" prefix="lifecycle" uri="http://www.xes-standard.org/lifecycle.xesext"/>
<global scope="trace"><string key="concept:name" value="-"/></global>
<global scope="event"><string key="concept:name" value="-"/><date key="time:timestamp" value="1970-01-01T00:00:00Z"/></global>
<classifier name="Activity" keys="concept:name"/>
"""
TAIL: Final = "</log>\n"
_TRANSITIONS: Final = {
    **dict.fromkeys(("received", "assigned", "forwarded", "sent-back", "recalled"), "assign"),
    **dict.fromkeys(("claimed", "resumed", "reopened", "supplement-received", "payment-received"), "resume"),
    **dict.fromkeys(("suspended", "supplement-requested", "payment-requested"), "suspend"),
    "withdrawn": "withdraw",
}
_NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def trace_text(case_id: str, events: Sequence[ExportedEvent], *, aliases: Sequence[str] = ()) -> str:
    """The trace of a case, with its other codes; `events` are in order of time."""
    first = next((event for event in events if event.kind == "received"), events[0])
    due = first.data.get("due_at")
    attributes = [
        _string("concept:name", case_id),
        *_some("tiendo:aliases", "; ".join(aliases)),
        *_some("tiendo:procedure", named(first.data.get("procedure") or {})),
        *_some("tiendo:field", named(first.data.get("field") or {})),
        *_some("tiendo:unit", named(first.data.get("unit") or {})),
        *([_date("tiendo:due", due)] if due else []),
        *([_string("tiendo:simulated", SIMULATED)] if any(event.is_simulated for event in events) else []),
    ]
    return f"<trace>{''.join(attributes)}\n{''.join(_event(event) for event in events)}</trace>\n"


def _event(event: ExportedEvent) -> str:
    attributes: Iterator[str] = iter(
        (
            _string("concept:name", event.kind),
            _date("time:timestamp", event.time),
            _string("lifecycle:transition", _TRANSITIONS.get(event.kind, "complete")),
            *_some("org:resource", named({**event.person, "unit": None})),
            *_some("org:group", named(event.unit)),
            *_some("tiendo:step", named(event.step)),
            *_some("tiendo:actor", named(event.data.get("actor") or {})),
            _string("tiendo:key", event.key),
        )
    )
    return f"<event>{''.join(attributes)}</event>\n"


def _some(key: str, value: str | None) -> list[str]:
    return [_string(key, value)] if value else []


def _string(key: str, value: str) -> str:
    shown = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", value)
    return f"<string key={quoteattr(key)} value={quoteattr(shown)}/>"


def _date(key: str, value: str) -> str:
    return f"<date key={quoteattr(key)} value={quoteattr(value.upper())}/>"
