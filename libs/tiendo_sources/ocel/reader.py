"""An OCEL 2.0 document: read at once and kept as its bytes, of which one object after the other is decoded."""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Any

import msgspec

from tiendo_sources.errors import LogUnreadable

SIZE_MAX = 512 * 1024 * 1024
_READ_AT_ONCE = 1024 * 1024
_MARK = b"\xef\xbb\xbf"


class Relationship(msgspec.Struct, rename="camel", gc=False):
    """That an event has to do with an object, and as what."""

    object_id: str
    qualifier: str | None = ""


class Attribute(msgspec.Struct, gc=False):
    """A value of an event, or of an object from `time` on."""

    name: str
    value: Any = None
    time: str | None = ""

    @property
    def text(self) -> str:
        """The value as text; empty for none, and for what is no single value."""
        return "" if self.value is None or isinstance(self.value, list | dict) else str(self.value)


class Event(msgspec.Struct, gc=False):
    """An event of the log."""

    id: str
    type: str
    time: str | None = None
    attributes: list[Attribute] | None = None
    relationships: list[Relationship] | None = None


class Object(msgspec.Struct, gc=False):
    """An object of the log."""

    id: str
    type: str
    attributes: list[Attribute] | None = None


class _Document(msgspec.Struct, rename="camel"):
    events: list[msgspec.Raw]
    objects: list[msgspec.Raw] = []
    object_types: msgspec.Raw = msgspec.Raw(b"[]")
    event_types: msgspec.Raw = msgspec.Raw(b"[]")


_NOTHING = Event(id="", type="")
_OF_VERSION_1 = b'"ocel:'
_LOOKED_AT = 64 * 1024
_UNREADABLE = (msgspec.MsgspecError, UnicodeDecodeError, RecursionError)


class OcelLog:
    """The log in a document."""

    def __init__(self, document: _Document) -> None:
        self._document = document
        self._events = msgspec.json.Decoder(Event)
        self._objects = msgspec.json.Decoder(Object)

    @property
    def types(self) -> dict[str, msgspec.Raw]:
        """What the log declares of the types of its objects and events, as it stands."""
        return {"objectTypes": self._document.object_types, "eventTypes": self._document.event_types}

    @property
    def raw_events(self) -> list[msgspec.Raw]:
        """The events as they stand."""
        return self._document.events

    @property
    def raw_objects(self) -> list[msgspec.Raw]:
        """The objects as they stand."""
        return self._document.objects

    def event(self, number: int) -> Event:
        """The event of that number from 0; one that is not as the standard says belongs to no case."""
        try:
            return self._events.decode(self._document.events[number])
        except _UNREADABLE:
            return _NOTHING

    def objects(self) -> Iterator[Object]:
        """Yield the objects in their order, without those that are not as the standard says."""
        for raw in self._document.objects:
            with suppress(*_UNREADABLE):
                yield self._objects.decode(raw)


def read_document(stream: IO[bytes]) -> OcelLog:
    """The log in `stream`. Raises LogUnreadable where it is no OCEL 2.0, damaged, or larger than SIZE_MAX."""
    content = bytearray()
    try:
        while piece := stream.read(_READ_AT_ONCE):
            content += piece
            if len(content) > SIZE_MAX:
                raise LogUnreadable(
                    f"the log is larger than {SIZE_MAX // 1024**2} MiB; split it, or export it as XES, which is read piece by piece"
                )
    except (EOFError, OSError, zlib.error) as error:
        raise LogUnreadable(f"the compressed file is damaged or cut off: {error}") from error
    text = memoryview(content)[len(_MARK) :] if content.startswith(_MARK) else memoryview(content)
    try:
        return OcelLog(msgspec.json.decode(text, type=_Document))
    except _UNREADABLE as error:
        if _OF_VERSION_1 in bytes(text[:_LOOKED_AT]):
            raise LogUnreadable(
                "this is a log in OCEL 1.0; write it as OCEL 2.0 in JSON, for example with pm4py: write_ocel2_json(read_ocel(FILE), NEW)"
            ) from error
        raise LogUnreadable(f"the file is no OCEL 2.0 log in JSON, or is damaged: {error}") from error
