"""One sheet of a workbook, filled from above: lines over its whole width, and tables."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final

from xlsxwriter.worksheet import Worksheet

from tiendo_documents.cell_values import Percentage, Value, in_words
from tiendo_documents.document_tables import Align, DocumentTable, PlacedCell, heading_rows, leaves, placed_rows
from tiendo_documents.plain_texts import plain
from tiendo_documents.xlsx.cell_formats import Formats, Look

TEXT_MAX: Final = 32_767
_CUT: Final = "…"
_POINTS_A_LINE: Final = 1.3
_CHARACTERS_A_POINT: Final = 12.5
"""Characters of 11 points in a column of width 1, times the points: how long a line of letters of a size becomes."""


@dataclass(slots=True, kw_only=True)
class DocumentSheet:
    """A sheet, the widths of its columns in characters, and the row that is filled next."""

    sheet: Worksheet
    formats: Formats
    widths: Sequence[float]
    row: int = 0
    tables: list[tuple[int, int]] = field(default_factory=list)
    """First and last row of each table's heading."""

    def line(self, text: str, look: Look) -> None:
        """A text over all columns, in a row as high as it needs."""
        self.end_row(self.beside(text, look, (0, len(self.widths) - 1)))

    def beside(self, text: str, look: Look, columns: tuple[int, int]) -> float:
        """How high the row has to be for a text, which has been written over the columns."""
        first, last = columns
        text = storable(text)
        if first == last:
            self.sheet.write_string(self.row, first, text, self.formats.of(look))
        else:
            self.sheet.merge_range(self.row, first, self.row, last, "", self.formats.of(look))
            self.sheet.write_string(self.row, first, text, self.formats.of(look))
        return _height(text, look.size, sum(self.widths[first : last + 1]))

    def end_row(self, height: float) -> None:
        """Go on below, after a row of that height in points."""
        self.sheet.set_row(self.row, height)
        self.row += 1

    def table(self, table: DocumentTable) -> None:
        """The table with what stands above and below it. Raises TableUneven, and TooLong."""
        rows, heading = placed_rows(table), heading_rows(table.columns)
        width = len(leaves(table.columns)) - 1
        if table.caption is not None:
            self._over(table.caption, Look(size=table.size, bold=True, align=Align.CENTRE), width)
        if table.unit is not None:
            self._over(table.unit, Look(size=table.size, italic=True, align=Align.RIGHT), width)
        self.tables.append((self.row, self.row + len(heading) - 1))
        for lines in (heading, rows):
            first = self.row
            for row in lines:
                for placed in row:
                    self._cell(placed, first + placed.row, table.size)
                self.end_row(max((self._needed(placed, table.size) for placed in row), default=0))
        for note in table.notes:
            self._over(note, Look(size=table.size, italic=True), width)
        self.row += 1

    def _over(self, text: str, look: Look, last: int) -> None:
        """A text over the columns of a table, up to the `last`."""
        self.end_row(self.beside(text, look, (0, last)))

    def _needed(self, placed: PlacedCell, size: float) -> float:
        """How high a row has to be for the cell; one that spans rows shares them."""
        width = sum(self.widths[placed.column : placed.column + placed.cell.columns])
        return _height(in_words(placed.cell.value), size, width) / placed.cell.rows

    def _cell(self, placed: PlacedCell, row: int, size: float) -> None:
        cell, column = placed.cell, placed.column
        look = Look(size=size, bold=cell.bold, italic=cell.italic, align=cell.align or Align.LEFT, bordered=True)
        format_ = self.formats.of(replace(look, numbers=_numbers(cell.value)))
        if cell.columns > 1 or cell.rows > 1:
            self.sheet.merge_range(row, column, row + cell.rows - 1, column + cell.columns - 1, "", format_)
        match cell.value:
            case int():
                self.sheet.write_number(row, column, cell.value, format_)
            case Percentage(part=part, whole=whole) if whole:
                self.sheet.write_number(row, column, part / whole, format_)
            case datetime() | date():
                self.sheet.write_datetime(row, column, cell.value, format_)
            case None:
                self.sheet.write_blank(row, column, None, format_)
            case _:
                self.sheet.write_string(row, column, storable(in_words(cell.value)), format_)


def _numbers(value: Value) -> str:
    match value:
        case int():
            return "#,##0"
        case Percentage():
            return f'0{"." + "0" * value.decimals if value.decimals else ""}" "%'
        case datetime():
            return "dd/mm/yyyy hh:mm"
        case date():
            return "dd/mm/yyyy"
        case _:
            return "@"


def storable(text: str) -> str:
    """The text as a cell can hold it: what is too long ends in an ellipsis."""
    text = plain(text)
    return text if len(text) <= TEXT_MAX else text[: TEXT_MAX - 1] + _CUT


def _height(text: str, size: float, width: float) -> float:
    """How high the row of a merged text has to be, in points: spreadsheets do not find that out themselves."""
    characters = max(1.0, width * _CHARACTERS_A_POINT / size)
    lines = sum(max(1, math.ceil(len(line) / characters)) for line in text.split("\n"))
    return min(409.0, lines * size * _POINTS_A_LINE + 2)
