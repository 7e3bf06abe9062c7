"""Tables as a workbook (XLSX): codes stay text, minutes are numbers, dates are dates."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import IO, Final, Generic

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from tiendo_query.tables.columns import RowT, Table, Value, Wording, headings

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_MAX: Final = 1_048_575
"""What one sheet holds beside its line of headings; more rows go on in a further sheet."""

_TEXT_LENGTH_MAX: Final = 32_767
_CUT: Final = "…"
_NOT_XML: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
_OPTIONS: Final = {
    # Rows go to a file as they come, so that the memory does not grow with their number.
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class TableXlsx(Generic[RowT]):
    """A workbook into which rows are written one after the other; nothing is in the file before `close`."""

    def __init__(self, file: IO[bytes], table: Table[RowT], wording: Wording, *, rows_max: int = ROWS_MAX) -> None:
        self._table = table
        self._wording = wording
        self._rows_max = rows_max
        self._workbook = Workbook(file, dict(_OPTIONS))
        self._heading = self._workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self._text = self._workbook.add_format({"num_format": "@"})
        self._number = self._workbook.add_format({"num_format": "#,##0"})
        self._date = self._workbook.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        self._sheet = self._begin_sheet()

    def add(self, found: Iterable[RowT]) -> None:
        """Write the rows below those that are there."""
        for row in found:
            if self._line > self._rows_max:
                self._sheet = self._begin_sheet()
            for place, column in enumerate(self._table.in_words):
                self._write(place, column.value(row, self._wording))
            self._line += 1

    def close(self) -> None:
        """Write the workbook into the file."""
        self._workbook.close()

    def _begin_sheet(self) -> Worksheet:
        number = len(self._workbook.worksheets()) + 1
        name = self._table.sheet.spoken(self._wording.language)
        sheet = self._workbook.add_worksheet(name if number == 1 else f"{name} {number}")
        for place, column in enumerate(self._table.in_words):
            sheet.set_column(place, place, column.width)
        head = self._table.head
        for line, words in enumerate(head):
            sheet.write_string(line, 0, _storable(words.spoken(self._wording.language)))
        for place, heading in enumerate(headings(self._table.in_words, self._wording.language)):
            sheet.write_string(len(head), place, heading, self._heading)
        sheet.freeze_panes(len(head) + 1, 1)
        self._line = len(head) + 1
        return sheet

    def _write(self, place: int, value: Value) -> None:
        line, sheet = self._line, self._sheet
        if isinstance(value, datetime):
            sheet.write_datetime(line, place, value, self._date)
        elif isinstance(value, int):
            sheet.write_number(line, place, value, self._number)
        elif value:
            sheet.write_string(line, place, _storable(value), self._text)


def _storable(text: str) -> str:
    """The text as a cell can hold it: what no XML can bear is replaced, and what is too long ends in an ellipsis."""
    text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return text if len(text) <= _TEXT_LENGTH_MAX else text[: _TEXT_LENGTH_MAX - 1] + _CUT
