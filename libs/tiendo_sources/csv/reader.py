"""The rows of a CSV file, one at a time, in bounded memory; a row that cannot be read is told, and the next one is read."""

import csv
import unicodedata
import zlib
from collections import deque
from collections.abc import Generator, Iterator
from io import BufferedReader, TextIOWrapper

from tiendo_contracts.problems.problem_kinds import ProblemKind
from tiendo_sources.csv.broken_bytes import KEEP_GOING
from tiendo_sources.csv.layout import Layout
from tiendo_sources.csv.widths import told_if_wider
from tiendo_sources.errors import LogUnreadable
from tiendo_sources.tables.cells import TableRow, is_blank

LINE_LENGTH_MAX = 128 * 1024
ROW_LENGTH_MAX = 128 * 1024
READ_AGAIN_MAX = 16 * 1024 * 1024
"""How many characters may be read once more behind quotation marks that are never closed, beside twice what was read."""
_FAULTY = ProblemKind.FILE_ROW_UNREADABLE


def read_rows(stream: BufferedReader, layout: Layout, *, header_rows: int = 0) -> Generator[TableRow]:
    """Yield the rows of the table in `stream`; blank ones are skipped behind the first `header_rows`. A row's number is that of its first line.

    A row of more cells than the table has columns cannot be read: what stands behind an unquoted separator is not under its heading.

    Raises LogUnreadable where the compressed file is damaged or cut off, or quotation marks are left open all over; the rows before were yielded.
    """
    lines = _Lines(stream, layout)
    try:
        if layout.says_separator:
            lines.next_row(layout.delimiter)
        for taken, row in enumerate(told_if_wider(_rows(lines, layout), header_rows)):
            if taken < header_rows or row.fault is not None or not is_blank(row.cells):
                yield row
    except (EOFError, OSError, zlib.error) as error:
        raise LogUnreadable(f"the compressed file is damaged or cut off after line {lines.number}: {error}") from error
    finally:
        lines.release()


def _rows(lines: "_Lines", layout: Layout) -> Iterator[TableRow]:
    composed = layout.encoding == "cp1258"
    while True:
        row = lines.next_row(layout.delimiter)
        if row is None:
            return
        if composed:
            # Windows-1258 has tones as marks behind their letters.
            row = TableRow(
                number=row.number,
                cells=tuple(unicodedata.normalize("NFC", str(cell)) for cell in row.cells),
                fault=row.fault,
            )
        yield row


class _Lines:
    """The lines of the text, of which those behind a quotation mark that is never closed are given once more."""

    def __init__(self, stream: BufferedReader, layout: Layout) -> None:
        self._text = TextIOWrapper(stream, layout.encoding, KEEP_GOING, newline="")
        self._again: deque[str] = deque()
        self._begins = True
        self._ended = False
        self._characters = 0
        self._read_again = 0
        self.number = 0

    def release(self) -> None:
        """Leave the stream open to whoever opened it."""
        if not self._text.closed:
            self._text.detach()

    def next_row(self, delimiter: str) -> TableRow | None:
        """The next row; None at the end of the text."""
        first = self.number + 1
        taken: list[str] = []
        try:
            cells = next(csv.reader(self._bounded(taken), delimiter=delimiter, strict=False), None)
        except csv.Error:
            return self._faulty(first, taken, delimiter)
        if cells is None:
            return None
        if self._is_cut_off(taken):
            return self._faulty(first, taken, delimiter)
        if len(taken[0]) >= LINE_LENGTH_MAX:
            return TableRow(number=first, cells=(taken[0][:ROW_LENGTH_MAX],), fault=_FAULTY)
        return TableRow(number=first, cells=tuple(cells))

    def _bounded(self, taken: list[str]) -> Iterator[str]:
        """Yield the lines of one row, which `taken` keeps; raises csv.Error where no row is that long."""
        length = 0
        while line := self._next_line():
            taken.append(line)
            length += len(line)
            if length > ROW_LENGTH_MAX and len(taken) > 1:
                raise csv.Error("longer than any row")
            # The reader itself refuses a cell of more than its limit; a line of that length is a row that is told.
            yield line if len(line) < LINE_LENGTH_MAX else "\n"

    def _is_cut_off(self, taken: list[str]) -> bool:
        """Whether the text ended inside of a cell that a quotation mark opened."""
        return not self._again and self._ended and sum(line.count('"') for line in taken) % 2 == 1

    def _faulty(self, first: int, taken: list[str], delimiter: str) -> TableRow:
        """The first line as a row that cannot be read; what came behind it is read once more."""
        self._again.extendleft(reversed(taken[1:]))
        self._read_again += sum(map(len, taken)) - len(taken[0])
        if self._read_again > READ_AGAIN_MAX + 2 * self._characters:
            raise LogUnreadable(
                f"by line {first} too many rows open a quotation mark that is never closed; close or double them, "
                "or write the separator into the mapping file (`[table] delimiter`)"
            )
        self.number = first
        return TableRow(number=first, cells=tuple(taken[0].rstrip("\r\n").split(delimiter)), fault=_FAULTY)

    def _next_line(self) -> str:
        line = self._again.popleft() if self._again else self._read_line()
        self.number += bool(line)
        return line

    def _read_line(self) -> str:
        """The next line with its end, cut at the limit; empty at the end of the text."""
        line = self._text.readline(LINE_LENGTH_MAX)
        if self._begins:
            line = line.removeprefix("\ufeff")
            self._begins = False
            line = line or self._text.readline(LINE_LENGTH_MAX)
        last = line
        while len(last) == LINE_LENGTH_MAX and not last.endswith(("\n", "\r")):
            last = self._text.readline(LINE_LENGTH_MAX)
        self._ended = not line
        self._characters += len(line)
        return line
