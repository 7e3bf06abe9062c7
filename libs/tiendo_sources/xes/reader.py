"""The traces of an XES document, one at a time, in bounded memory."""

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import iterparse

from tiendo_sources.errors import LogUnreadable, TraceTooLong

EVENTS_PER_TRACE_MAX = 100_000
TYPED_ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})

Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """One case of the log: its attributes and its events' attributes, in document order.

    `number` counts the traces from 1. Only top-level attributes of simple type are kept; of a repeated key the first.
    """

    number: int
    attributes: Attributes
    events: tuple[Attributes, ...]


def read_traces(stream: IO[bytes]) -> Iterator[Trace]:
    """Yield the traces of the XES document in `stream`, whatever its namespace or encoding declaration.

    Raises:
        LogUnreadable: not XML, damaged or cut off, entities declared (they can blow up), or no `log` element.
        TraceTooLong: a trace of more than EVENTS_PER_TRACE_MAX events.
    """
    try:
        yield from _traces(stream)
    except ParseError as error:
        raise LogUnreadable(f"the file is not well-formed XML: {error}") from error
    except DefusedXmlException as error:
        raise LogUnreadable(
            "the file declares XML entities; they are refused because they can be made to blow up"
        ) from error
    except (EOFError, OSError, zlib.error) as error:
        raise LogUnreadable(f"the compressed file is damaged or cut off: {error}") from error
    except (LookupError, ValueError) as error:
        raise LogUnreadable(f"the file's encoding cannot be read: {error}") from error


def _traces(stream: IO[bytes]) -> Iterator[Trace]:
    root: Element | None = None
    trace: Element | None = None
    events: list[Attributes] = []
    number = 0
    for step, element in iterparse(stream, events=("start", "end")):
        name = _local_name(element)
        if step == "start":
            if root is None:
                root = _checked_root(element, name)
            elif name == "trace" and trace is None:
                trace, events = element, []
        elif name == "event" and trace is not None:
            events.append(_attributes(element))
            _bound(trace, events, number + 1)
            element.clear()
        elif element is trace:
            number += 1
            yield Trace(number=number, attributes=_attributes(element), events=tuple(events))
            trace = None
            if root is not None:
                root.clear()


def _checked_root(element: Element, name: str) -> Element:
    if name != "log":
        raise LogUnreadable(f"the document's root is <{name}>; an XES log has <log>")
    return element


def _bound(trace: Element, events: list[Attributes], number: int) -> None:
    if len(events) > EVENTS_PER_TRACE_MAX:
        raise TraceTooLong(_attributes(trace).get("concept:name", f"number {number}"), EVENTS_PER_TRACE_MAX)


def _attributes(element: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        if _local_name(child) in TYPED_ATTRIBUTES:
            key, value = child.get("key"), child.get("value")
            if key is not None and value is not None:
                found.setdefault(key, value)
    return found


def _local_name(element: Any) -> str:  # noqa: ANN401 - comments and instructions have no text tag
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
