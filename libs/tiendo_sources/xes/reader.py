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
BYTES_PER_TRACE_MAX = 64 * 1024 * 1024
DEPTH_MAX = 100
TYPED_ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})

_TRACE_DEPTH = 2
_EVENT_DEPTH = 3
_OCEL_PARTS = frozenset({"events", "objects", "object-types", "event-types"})

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
    """Yield the traces of the XES document in `stream`, whatever its namespace, version or encoding declaration.

    Raises:
        LogUnreadable: not XML, damaged or cut off, entities declared (they can blow up), no `log` element or no trace in it,
            or between two traces more than BYTES_PER_TRACE_MAX or DEPTH_MAX elements in one another. The traces before were yielded.
        TraceTooLong: a trace of more than EVENTS_PER_TRACE_MAX events.
    """
    try:
        yield from _traces(_Bounded(stream))
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


class _Bounded:
    """A stream that may be read only so far without `restart`."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream = stream
        self._read = 0

    def read(self, size: int = -1) -> bytes:
        chunk = self._stream.read(size)
        self._read += len(chunk)
        if self._read > BYTES_PER_TRACE_MAX:
            raise LogUnreadable(
                f"more than {BYTES_PER_TRACE_MAX // (1024 * 1024)} MiB without the end of a trace; no case is that large"
            )
        return chunk

    def restart(self) -> None:
        self._read = 0


def _traces(stream: _Bounded) -> Iterator[Trace]:
    root: Element | None = None
    events: list[Attributes] = []
    number = depth = 0
    for step, element in iterparse(stream, events=("start", "end")):
        name = _local_name(element)
        if step == "start":
            depth += 1
            root = _checked_root(element, name) if root is None else root
            _bound_depth(name, depth)
            if depth == _TRACE_DEPTH:
                events = []
            continue
        if depth == _EVENT_DEPTH and name == "event":
            events.append(_attributes(element))
            _bound_events(events, number + 1)
            element.clear()
        elif depth == _TRACE_DEPTH and name == "trace":
            number += 1
            yield Trace(number=number, attributes=_attributes(element), events=tuple(events))
            stream.restart()
            if root is not None:
                root.clear()
        depth -= 1
    if number == 0:
        raise LogUnreadable("the log holds no <trace>: there is no case in it")


def _checked_root(element: Element, name: str) -> Element:
    if name != "log":
        raise LogUnreadable(f"the document's root is <{name}>; an XES log has <log>")
    return element


def _bound_depth(name: str, depth: int) -> None:
    if depth > DEPTH_MAX:
        raise LogUnreadable(f"more than {DEPTH_MAX} elements stand in one another; no log does that")
    if depth == _TRACE_DEPTH and name in _OCEL_PARTS:
        raise LogUnreadable("this is an OCEL log; export it as XES, whose <log> holds <trace> elements")


def _bound_events(events: list[Attributes], number: int) -> None:
    if len(events) > EVENTS_PER_TRACE_MAX:
        raise TraceTooLong(number, EVENTS_PER_TRACE_MAX)


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
