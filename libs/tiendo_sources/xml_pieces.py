"""An XML document parsed piece by piece in bounded memory, whatever stands in it; its elements go to a handler.

A parser keeps for its whole life every name of an element or attribute that it meets, and in one piece a tag with all that stands in it.
So names, tags and depth have limits here, and a document type, which can declare what blows up, is refused.
"""

import zlib
from collections.abc import Callable, Iterator
from typing import IO, Protocol
from xml.parsers import expat

from tiendo_sources.errors import LogUnreadable

CHUNK_SIZE = 64 * 1024
TAG_SIZE_MAX = 1024 * 1024
DEPTH_MAX = 100
NAMES_MAX = 1_000
NAME_LENGTH_MAX = 1_000


class Handler(Protocol):
    """Is told the elements of a document in their order; `attributes` are names and values in turn."""

    def start(self, name: str, attributes: list[str]) -> None:
        """An element begins; `name` is without its namespace's prefix."""

    def end(self) -> None:
        """The element that began last, of those that are open, ends."""


def parsed_pieces(stream: IO[bytes], handler: Handler, *, text: Callable[[str], None] | None = None) -> Iterator[int]:
    """Yield the number of bytes of each piece of the document in `stream` once `handler` was told what stands in it.

    `text` is told the characters between tags, in pieces.

    Raises:
        LogUnreadable: not XML, damaged or cut off, packed and damaged, a document type, or beyond a limit of this module.
            `handler` was told what came before.
    """
    document = _Document(handler, text)
    try:
        while piece := stream.read(CHUNK_SIZE):
            document.parse(piece)
            yield len(piece)
        document.finish()
        yield 0
    except expat.ExpatError as error:
        raise LogUnreadable(f"the file is not well-formed XML: {error}") from error
    except (EOFError, OSError, zlib.error) as error:
        raise LogUnreadable(f"the compressed file is damaged or cut off: {error}") from error
    except (LookupError, ValueError) as error:
        if document.begun:
            raise
        raise LogUnreadable(f"the file's encoding cannot be read: {error}") from error


class _Document:
    def __init__(self, handler: Handler, text: Callable[[str], None] | None) -> None:
        self._handler = handler
        self._depth = 0
        self._names: set[str] = set()
        self._local_names: dict[str, str] = {}
        self._taken = 0
        self._parser = expat.ParserCreate()
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        if text is not None:
            self._parser.buffer_text = True
            self._parser.CharacterDataHandler = text
        self._parser.StartDoctypeDeclHandler = _refuse_document_type
        if hasattr(self._parser, "SetReparseDeferralEnabled"):
            # deferral would hide how much of a tag has been read; with TAG_SIZE_MAX reading it anew costs nothing
            self._parser.SetReparseDeferralEnabled(False)

    @property
    def begun(self) -> bool:
        """Whether any element was read."""
        return bool(self._names)

    def parse(self, piece: bytes) -> None:
        self._taken += len(piece)
        self._parser.Parse(piece, False)
        if self._taken - max(self._parser.CurrentByteIndex, 0) > TAG_SIZE_MAX:
            raise LogUnreadable(
                f"a tag or comment in line {self._parser.CurrentLineNumber} is longer than {TAG_SIZE_MAX // 1024} KiB; "
                "shorten the attribute's value"
            )

    def finish(self) -> None:
        self._parser.Parse(b"", True)

    def _start(self, name: str, attributes: list[str]) -> None:
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise LogUnreadable(f"more than {DEPTH_MAX} elements stand in one another; no log does that")
        if name not in self._local_names:
            self._local_names[name] = name.rpartition(":")[2]
            self._bound_names([name])
        if not self._names.issuperset(attributes[::2]):
            self._bound_names(attributes[::2])
        self._handler.start(self._local_names[name], attributes)

    def _end(self, _: str) -> None:
        self._depth -= 1
        self._handler.end()

    def _bound_names(self, new: list[str]) -> None:
        self._names.update(new)
        if len(self._names) > NAMES_MAX or any(len(each) > NAME_LENGTH_MAX for each in new):
            raise LogUnreadable(
                f"more than {NAMES_MAX:,} names of elements and attributes, or one of more than {NAME_LENGTH_MAX:,} characters, "
                f"by line {self._parser.CurrentLineNumber}; no log has them"
            )


def _refuse_document_type(*_: object) -> None:
    raise LogUnreadable(
        "the file has a document type (<!DOCTYPE>), which can declare entities that blow up; a log needs none, so remove it"
    )
