"""The refused rows of a workbook as another workbook of one sheet."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import BufferedReader
from itertools import islice
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from tiendo_sources.formats import RefusedFile
from tiendo_sources.refused_files import gathered, written_whole
from tiendo_sources.tables.cells import Cell, UndatedNumber, shown
from tiendo_sources.tables.entries import OriginalRow
from tiendo_sources.tables.mapping import TableMapping
from tiendo_sources.tables.refused_rows import RefusedRows
from tiendo_sources.xlsx.mapped_rows import sheet_rows

_SHEET = "Bị từ chối"
_TEXT_LENGTH_MAX = 32_767


@contextmanager
def refused_xlsx(stream: BufferedReader, path: Path, mapping: TableMapping) -> Iterator[RefusedFile]:
    """The workbook of refused rows at `path`, with the headings of the sheet in `stream`; the mapping's sheet name or number is kept."""
    with sheet_rows(stream, mapping.table) as found:
        rows = RefusedRows(list(islice(found, mapping.table.header_rows)))
    with written_whole(path) as file, Workbook(file, {"constant_memory": True}) as book:
        sheet = _Sheet(book, mapping.table.sheet)
        for row in rows.headings:
            sheet.add(row)

        def hand_on(original: OriginalRow, reason: str) -> None:
            sheet.add(rows.with_reason(original.cells, reason))

        with gathered(hand_on) as gathering:
            yield gathering


class _Sheet:
    def __init__(self, book: Workbook, wanted: str | int | None) -> None:
        """`wanted` is the sheet's name or number from 1 by the mapping, by which it is found again."""
        if isinstance(wanted, int):
            for _ in range(1, wanted):
                book.add_worksheet()
        self._sheet: Worksheet = book.add_worksheet(wanted[:31] if isinstance(wanted, str) else _SHEET)
        self._date: Format = book.add_format({"num_format": "dd/mm/yyyy"})
        self._instant: Format = book.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
        self._line = 0

    def add(self, cells: tuple[Cell, ...]) -> None:
        """One more row; texts stay texts, also those that look like formulas."""
        for column, cell in enumerate(cells):
            self._write(column, cell)
        self._line += 1

    def _write(self, column: int, cell: Cell) -> None:
        match cell:
            case None:
                pass
            case str():
                self._sheet.write_string(self._line, column, shown(cell)[:_TEXT_LENGTH_MAX])
            case bool():
                self._sheet.write_boolean(self._line, column, cell)
            case datetime():
                self._sheet.write_datetime(self._line, column, cell, self._instant)
            case date():
                self._sheet.write_datetime(self._line, column, cell, self._date)
            case UndatedNumber():
                self._sheet.write_string(self._line, column, str(cell))
            case int() | float():
                self._sheet.write_number(self._line, column, cell)
            case _:
                self._sheet.write_string(self._line, column, str(cell))
