"""The rows of a sheet, one at a time, in bounded memory: dates as dates, and of formulas the values that the file keeps."""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, time
from math import isfinite
from typing import IO

from tiendo_sources.errors import LogUnreadable
from tiendo_sources.tables.cells import UNCOMPUTED, Cell, TableRow, UndatedNumber, is_blank
from tiendo_sources.tables.stated import local_of_serial
from tiendo_sources.xlsx.shared_texts import TEXT_LENGTH_MAX, SharedTexts, unescaped
from tiendo_sources.xlsx.workbook_parts import Workbook
from tiendo_sources.xml_pieces import parsed_pieces

ROWS_MAX = 1_048_576
COLUMNS_MAX = 1_000
"""Columns further right are not read."""
_DAYS_TO_1904 = 1_462
_LETTERS = 26
_DIGITS_MAX = 8
_VALUE_ELEMENTS = frozenset({"v", "t"})


def read_sheet(
    stream: IO[bytes], workbook: Workbook, texts: SharedTexts, *, header_rows: int = 0
) -> Iterator[TableRow]:
    """Yield the rows of the sheet in `stream` by their numbers; blank ones are skipped behind the first `header_rows`.

    Raises LogUnreadable where the sheet is damaged, or has more rows than a sheet may; what came before was yielded.
    """
    sheet = _Sheet(workbook, texts)
    headings = 0
    for _ in parsed_pieces(stream, sheet, text=sheet.text):
        while sheet.ready:
            row = sheet.ready.popleft()
            while headings < min(row.number - 1, header_rows):
                headings += 1
                yield TableRow(number=headings, cells=())
            headings = max(headings, row.number)
            if row.number <= header_rows or not is_blank(row.cells):
                yield row


class _Sheet:
    """Puts rows together from elements; those that are complete wait in `ready`."""

    def __init__(self, workbook: Workbook, texts: SharedTexts) -> None:
        self._dates = {str(number) for number, shows_date in enumerate(workbook.date_styles) if shows_date}
        self._from_1904 = workbook.counts_from_1904
        self._texts = texts
        self._open: list[str] = []
        self._number = 0
        self._cells: list[Cell] = []
        self._column = -1
        self._kind = "n"
        self._is_date = False
        self._is_formula = False
        self._pieces: list[str] = []
        self._length = 0
        self.ready: deque[TableRow] = deque()

    def start(self, name: str, attributes: list[str]) -> None:
        """An element begins."""
        self._open.append(name)
        if name == "c":
            self._begin_cell(dict(zip(attributes[::2], attributes[1::2], strict=True)))
        elif name == "f":
            self._is_formula = True
        elif name == "row":
            self._begin_row(dict(zip(attributes[::2], attributes[1::2], strict=True)).get("r"))

    def text(self, piece: str) -> None:
        """Some characters of the element that is open."""
        if self._open and self._open[-1] in _VALUE_ELEMENTS and "rPh" not in self._open:
            self._length += len(piece)
            if self._length > TEXT_LENGTH_MAX:
                raise LogUnreadable(f"row {self._number}: a cell is longer than {TEXT_LENGTH_MAX // 1024} KiB")
            self._pieces.append(piece)

    def end(self) -> None:
        """An element ends."""
        name = self._open.pop()
        if name == "c":
            self._end_cell()
        elif name == "row":
            self.ready.append(TableRow(number=self._number, cells=tuple(self._cells)))

    def _begin_row(self, said: str | None) -> None:
        self._number = (
            int(said) if said and said.isascii() and said.isdigit() and len(said) <= _DIGITS_MAX else self._number + 1
        )
        if self._number > ROWS_MAX:
            raise LogUnreadable(f"the sheet has a row beyond {ROWS_MAX:,}; none has")
        self._cells, self._column = [], -1

    def _begin_cell(self, said: dict[str, str]) -> None:
        self._column = _column_of(said["r"]) if "r" in said else self._column + 1
        self._kind = said.get("t", "n")
        style = said.get("s", "0")
        self._is_date = style in self._dates
        self._is_formula = False
        self._pieces, self._length = [], 0

    def _end_cell(self) -> None:
        if not 0 <= self._column < COLUMNS_MAX:
            return
        self._cells.extend([None] * (self._column + 1 - len(self._cells)))
        text = "".join(self._pieces)
        self._cells[self._column] = self._value(text) if text else self._missing()

    def _missing(self) -> Cell:
        return UNCOMPUTED if self._is_formula and self._kind != "str" else None

    def _value(self, text: str) -> Cell:
        match self._kind:
            case "s":
                return self._texts.at(
                    int(text) if text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX else -1
                )
            case "b":
                return text == "1"
            case "n":
                return self._number_of(text)
            case "d":
                return _instant_of(text)
            case "e":
                return UNCOMPUTED
            case _:
                return unescaped(text)

    def _number_of(self, text: str) -> Cell:
        try:
            number = float(text)
        except ValueError:
            return text
        if not isfinite(number) or "_" in text:
            return text
        if self._is_date:
            try:
                return local_of_serial(number + _DAYS_TO_1904 * self._from_1904)
            except ValueError:
                return text
        if self._from_1904:
            return UndatedNumber(number)
        return int(number) if number.is_integer() else number


def _instant_of(text: str) -> Cell:
    """What a cell says that bears its date as ISO 8601 writes it; midnight is a date alone, as of a number."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    if found.tzinfo is not None:
        return text
    return found if found.time() != time() else found.date()


def _column_of(reference: str) -> int:
    """The column, from 0, of a cell's reference such as `AB12`; beyond COLUMNS_MAX where it names none."""
    column = 0
    for letter in reference[:4]:
        if not ("A" <= letter <= "Z"):
            break
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return column - 1 if column else COLUMNS_MAX
