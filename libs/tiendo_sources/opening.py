"""A file to import, opened: unpacked where it is gzip, its format told by its content and never by its name."""

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path
from typing import cast

from tiendo_sources.compound_files import COMPOUND_MAGIC, compound_likeness
from tiendo_sources.errors import FormatUnknown, LogUnreadable
from tiendo_sources.formats import SourceFormat, formats, text_of

GZIP_MAGIC = b"\x1f\x8b"
HEAD_LENGTH = 1_024

_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_HTML = re.compile(
    rb"(?:\xff\xfe|\xfe\xff)?\s*(?:<!--.{0,200}-->\s*)?<(?:!doctype html|html|table|head|body|meta|style)\b",
    re.IGNORECASE | re.DOTALL,
)
_HTML_LIKENESS = "a web page (HTML), as many programs save tables under the name .xls; open it in a spreadsheet and save it as .xlsx or CSV UTF-8"
_WORKBOOK_IN_XML = re.compile(rb"urn:schemas-microsoft-com:office:spreadsheet|mso-application progid=.Excel\.Sheet")
_WORKBOOK_IN_XML_LIKENESS = (
    "a workbook of Excel as XML (of 2003), as many programs name .xls; open it in a spreadsheet and save it as .xlsx"
)
_FOREIGN = (
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"Rar!", "packed with RAR; unpack it"),
    (b"7z\xbc\xaf", "packed with 7-Zip; unpack it"),
    (b"{\\rtf", "a text document (RTF)"),
    (b"%PDF", "a PDF"),
    (b"BZh", "packed with bzip2; unpack it or pack it with gzip"),
    (b"\xfd7zXZ", "packed with xz; unpack it or pack it with gzip"),
    (b"\x28\xb5\x2f\xfd", "packed with zstd; unpack it or pack it with gzip"),
    (b"SQLite format 3", "an SQLite database"),
    (b"PAR1", "a Parquet file"),
)
_JSON = (
    (b"{", "one JSON text over several lines; write each event on one line"),
    (b"[", "a JSON array; write each of its events on one line"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedLog:
    """An open file: its format, its unpacked bytes, its size and how far it has been read, both in bytes as it lies on the disk."""

    format: SourceFormat
    stream: BufferedReader
    size: int
    position: Callable[[], int]


@contextmanager
def opened_log(path: Path) -> Iterator[OpenedLog]:
    """The log in the file `path`, closed again afterwards.

    Raises:
        FormatUnknown: it is of no format that is read; the message says what it looks like.
        LogUnreadable: it is packed and damaged from its first bytes on.
        OSError: there is no such file, or it cannot be read.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise FormatUnknown(
            "this is no file but a pipe or a device; write what it gives into a file, which can be read twice"
        )
    with path.open("rb") as file:
        packed = file.peek(len(GZIP_MAGIC))[: len(GZIP_MAGIC)] == GZIP_MAGIC
        stream = cast("BufferedReader", gzip.GzipFile(fileobj=file)) if packed else file
        head = _head(stream)
        if head.startswith(COMPOUND_MAGIC):
            raise FormatUnknown(f"the file is {compound_likeness(stream)}")
        found = _format(head)
        if found.check is not None:
            found.check(stream)
            stream.seek(0)
        yield OpenedLog(format=found, stream=stream, size=path.stat().st_size, position=file.tell)


def _head(stream: BufferedReader) -> bytes:
    try:
        return stream.peek(HEAD_LENGTH)[:HEAD_LENGTH]
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise LogUnreadable(f"the compressed file is damaged or cut off: {error}") from error


def _format(head: bytes) -> SourceFormat:
    foreign = _foreign(head)
    for one in formats():
        if foreign is None and one.looks_like(head):
            return one
    *others, last = (one.described for one in formats())
    readable = f"{', '.join(others)} and {last}"
    raise FormatUnknown(f"the file is {_likeness(head)}. {readable} are read, plain or packed with gzip")


def _likeness(head: bytes) -> str:
    """What a file of no readable format looks like, and what to do about it."""
    text = text_of(head)
    if foreign := _foreign(head):
        return foreign
    if not text:
        return "empty"
    if head.startswith(_UTF16):
        return "text in UTF-16 that is no table; save it as UTF-8"
    for beginning, likeness in _JSON:
        if text.startswith(beginning):
            return likeness
    return "something else"


def _foreign(head: bytes) -> str | None:
    """What a file looks like that begins as a known format does which is not read; None for any other."""
    for magic, likeness in _FOREIGN:
        if head.startswith(magic):
            return likeness
    text = text_of(head).replace(b"\x00", b"")
    if _WORKBOOK_IN_XML.search(text):
        return _WORKBOOK_IN_XML_LIKENESS
    return _HTML_LIKENESS if _HTML.match(text) else None
