"""The traces of an XES document, one at a time, in bounded memory, and what stands outside of them."""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import IO

from tiendo_sources.errors import LogUnreadable, TraceTooLong
from tiendo_sources.xml_pieces import parsed_pieces

TRACES_MAX = 2_000_000
EVENTS_PER_TRACE_MAX = 100_000
BYTES_PER_TRACE_MAX = 64 * 1024 * 1024
TYPED_ATTRIBUTES = frozenset({"string", "date", "int", "float", "boolean", "id"})

_TRACE_DEPTH = 2
_KEY_AND_VALUE = ["key", "value"]
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


class ElementPart(StrEnum):
    """What may stand where no part of a log may, or outside of any case."""

    TRACE = "trace"
    EVENT = "event"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stray:
    """An event outside of the traces, or a trace that is not the log's own; `number` counts those of its kind from 1."""

    part: ElementPart
    number: int
    attributes: Attributes


def read_log(stream: IO[bytes], keys: frozenset[str]) -> Iterator[Trace | Stray]:
    """Yield what stands in the XES document in `stream`, whatever its namespace, version or encoding declaration.

    Of the attributes only those in `keys` are kept.

    Raises:
        LogUnreadable: no XML document that `document` can read, no `log` element or no trace in it,
            more than TRACES_MAX traces, or more than BYTES_PER_TRACE_MAX bytes without the end of a trace. What came before was yielded.
        TraceTooLong: a trace of more than EVENTS_PER_TRACE_MAX events.
    """
    log = _Log(keys)
    pieces = parsed_pieces(stream, log)
    unread = 0
    while True:
        try:
            size = next(pieces, None)
        except (LogUnreadable, TraceTooLong):
            yield from log.take()
            raise
        if size is None:
            break
        unread = 0 if log.ready else unread + size
        yield from log.take()
        if unread > BYTES_PER_TRACE_MAX:
            raise LogUnreadable(
                f"more than {BYTES_PER_TRACE_MAX // (1024 * 1024)} MiB without the end of a trace; no case is that large"
            )
    if not log.traces:
        raise LogUnreadable("the log holds no <trace>: there is no case in it")


@dataclass(slots=True, kw_only=True)
class _Open:
    """A trace or an event that has begun; `stray`: it is not where the log's own stand."""

    part: ElementPart
    stray: bool
    attributes: dict[str, str] = field(default_factory=dict)
    events: list[Attributes] = field(default_factory=list)


class _Log:
    """Puts traces together from elements; those that are complete wait in `ready`."""

    def __init__(self, keys: frozenset[str]) -> None:
        self._keys = keys
        self._open: list[_Open | None] = []
        self._strays = dict.fromkeys(ElementPart, 0)
        self.traces = 0
        self.ready: deque[Trace | Stray] = deque()

    def take(self) -> Iterator[Trace | Stray]:
        """Yield what is complete, once."""
        while self.ready:
            yield self.ready.popleft()

    def start(self, name: str, attributes: list[str]) -> None:
        """An element begins."""
        parent = self._open[-1] if self._open else None
        begun = None
        if not self._open:
            if name != "log":
                raise LogUnreadable(f"the document's root is <{name}>; an XES log has <log>")
        elif name == ElementPart.TRACE:
            begun = _Open(part=ElementPart.TRACE, stray=len(self._open) != _TRACE_DEPTH - 1)
        elif name == ElementPart.EVENT:
            begun = _Open(
                part=ElementPart.EVENT, stray=parent is None or parent.part is not ElementPart.TRACE or parent.stray
            )
        elif parent is not None and name in TYPED_ATTRIBUTES:
            self._keep(parent, attributes)
        elif len(self._open) == _TRACE_DEPTH - 1 and name in _OCEL_PARTS:
            raise LogUnreadable(
                "this is an OCEL log in XML; export it as OCEL 2.0 in JSON, or as XES, whose <log> holds <trace> elements"
            )
        self._open.append(begun)

    def _keep(self, owner: _Open, attribute: list[str]) -> None:
        if attribute[::2] == _KEY_AND_VALUE:
            key, value = attribute[1], attribute[3]
        else:
            said = dict(zip(attribute[::2], attribute[1::2], strict=True))
            if "key" not in said or "value" not in said:
                return
            key, value = said["key"], said["value"]
        if key in self._keys:
            owner.attributes.setdefault(key, value)

    def end(self) -> None:
        """An element ends."""
        ended = self._open.pop()
        if ended is None:
            return
        if ended.stray:
            self._strays[ended.part] += 1
            self.ready.append(
                Stray(part=ended.part, number=self._strays[ended.part], attributes=ended.attributes),
            )
        elif ended.part is ElementPart.TRACE:
            self.traces += 1
            if self.traces > TRACES_MAX:
                raise LogUnreadable(f"the log holds more than {TRACES_MAX:,} traces; split it")
            self.ready.append(Trace(number=self.traces, attributes=ended.attributes, events=tuple(ended.events)))
        else:
            self._add_event(ended)

    def _add_event(self, event: _Open) -> None:
        trace = self._open[-1]
        if trace is None:
            return
        trace.events.append(event.attributes)
        if len(trace.events) > EVENTS_PER_TRACE_MAX:
            raise TraceTooLong(self.traces + 1, EVENTS_PER_TRACE_MAX)
