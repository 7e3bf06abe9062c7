"""The lines of an NDJSON file, one at a time, in bounded memory."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader

from tiendo_sources.errors import LogUnreadable
from tiendo_sources.formats import BYTE_ORDER_MARK

LINE_LENGTH_MAX = 80 * 1024
_LINE_BREAK = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line that is not blank: its index among them from 0, its number in the file from 1, its bytes without the line's end.

    Of a line longer than LINE_LENGTH_MAX only the beginning is kept, `length` is that of the whole.
    """

    index: int
    number: int
    text: bytes
    length: int


def read_lines(stream: BufferedReader) -> Iterator[Line]:
    """Yield the lines of `stream`, which end with LF or CR LF, without a byte order mark before the first; blank ones are skipped and take no index.

    Raises:
        LogUnreadable: the compressed file is damaged or cut off; the complete lines before were yielded.
    """
    index = number = 0
    try:
        while True:
            text, length = _line(stream)
            if not length:
                return
            number += 1
            if number == 1:
                text = text.removeprefix(BYTE_ORDER_MARK)
            text = text.removesuffix(b"\n").removesuffix(b"\r")
            if text.strip(b" \t\r"):
                yield Line(index=index, number=number, text=text, length=max(length - _LINE_BREAK, len(text)))
                index += 1
    except (EOFError, OSError, zlib.error) as error:
        raise LogUnreadable(f"the compressed file is damaged or cut off after line {number}: {error}") from error


def _line(stream: BufferedReader) -> tuple[bytes, int]:
    """The next line with its end, cut at the limit, and the length of the whole; nothing at the end of the stream."""
    text = stream.readline(LINE_LENGTH_MAX)
    length = len(text)
    last = text
    while len(last) == LINE_LENGTH_MAX and not last.endswith(b"\n"):
        last = stream.readline(LINE_LENGTH_MAX)
        length += len(last)
    return text, length
