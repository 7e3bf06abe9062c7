"""Small XES logs written by hand, and what comes of them."""

from io import BytesIO
from typing import Any

from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.xes.cases import read_cases
from tiendo_sources.xes.happenings import Unreadable
from tiendo_sources.xes.mapping import Mapping, default_mapping
from tiendo_sources.xes.translation import Translation


def string(key: str, value: str) -> str:
    return f'<string key="{key}" value="{value}"/>'


def event(at: str | None, resource: str | None = None, activity: str | None = None, **more: str) -> str:
    """An event; `at` is an instant, or an hour such as "09:30" of 11 October 2011 in +02:00, or None."""
    if at is not None and len(at) == len("09:30"):
        at = f"2011-10-11T{at}:00+02:00"
    named = {"org:resource": resource, "concept:name": activity} | {
        key.replace("_", ":"): value for key, value in more.items()
    }
    attributes = "".join(string(key, value) for key, value in named.items() if value)
    time = "" if at is None else f'<date key="time:timestamp" value="{at}"/>'
    return f"<event>{time}{attributes}</event>"


def step(transition: str, at: str | None, resource: str | None, activity: str = "check") -> str:
    """An event that bears a transition."""
    return event(at, resource, activity, lifecycle_transition=transition)


def trace(*events: str, name: str = "case-1", **attributes: str) -> str:
    own = string("concept:name", name) if name else ""
    return f"<trace>{own}{''.join(string(k, v) for k, v in attributes.items())}{''.join(events)}</trace>"


def read(*parts: str, mapping: Mapping | None = None) -> list[Translation | Unreadable]:
    document = f"<log>{''.join(parts)}</log>".encode()
    found = read_cases(BytesIO(document), mapping or default_mapping())
    return [each[1] for each in found if not isinstance(each, FileRemark)]


def translated(*traces: str, mapping: Mapping | None = None) -> list[Translation]:
    return [each for each in read(*traces, mapping=mapping) if isinstance(each, Translation)]


def translated_one(*events: str, mapping: Mapping | None = None, **attributes: str) -> Translation:
    (case,) = translated(trace(*events, **attributes), mapping=mapping)
    return case


def kind_of(said: dict[str, Any]) -> str:
    return str(said["type"].split(".")[-2])


def kinds(case: Translation) -> list[str]:
    return [kind_of(said) for said in case.events]


def resource_of(said: dict[str, Any]) -> str | None:
    holder = said["data"].get("holder", {})
    return holder.get("id") or holder.get("unit", {}).get("id")


def said(case: Translation) -> list[tuple[str, str, str | None]]:
    """Kind, local hour and resource of each event; a `worked` that takes no time has an exclamation mark."""
    return [
        (
            kind_of(each) + ("!" if each["data"].get("since") == each["time"] else ""),
            each["time"][11:16],
            resource_of(each),
        )
        for each in case.events
    ]
