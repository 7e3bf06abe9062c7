"""Tables as CSV for spreadsheets: UTF-8 with a byte order mark, cells guarded against formulas."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from typing import Final, Generic

from tiendo_contracts.problems.problem_kinds import Language
from tiendo_query.tables.columns import RowT, Table, Value, Wording, headings

BYTE_ORDER_MARK: Final = "\ufeff"
MEDIA_TYPE: Final = "text/csv; charset=utf-8"
LOCAL_DATE: Final = "%d/%m/%Y %H:%M"

# What a spreadsheet takes for the beginning of a formula, in narrow and wide forms, and what it strips before it looks.
_FORMULA_BEGINNINGS: Final = frozenset("=+-@\t\r\n＝＋－＠|%")


class TableCsv(Generic[RowT]):
    """The lines of the table: in Vietnamese for people, with the semicolon that spreadsheets expect there; else codes for programs."""

    def __init__(self, table: Table[RowT], wording: Wording) -> None:
        in_words = wording.language is Language.VIETNAMESE
        self._wording = wording
        self._columns = table.in_words if in_words else table.codes
        self._separator = ";" if in_words else ","

    def header(self) -> str:
        """The byte order mark and the line of column names."""
        return BYTE_ORDER_MARK + self._line(headings(self._columns, self._wording.language))

    def lines(self, found: Iterable[RowT]) -> str:
        """A line for each row; one that rests on simulated events says so in its last cell."""
        return "".join(
            self._line([guarded(column.value(row, self._wording)) for column in self._columns]) for row in found
        )

    def _line(self, cells: Iterable[Value]) -> str:
        text = io.StringIO()
        csv.writer(text, delimiter=self._separator).writerow(["" if cell is None else cell for cell in cells])
        return text.getvalue()


def guarded(cell: Value) -> Value:
    """The cell as text, with an apostrophe before what a spreadsheet might calculate."""
    if isinstance(cell, datetime):
        return cell.strftime(LOCAL_DATE)
    if isinstance(cell, str) and cell.lstrip(" \N{NO-BREAK SPACE}")[:1] in _FORMULA_BEGINNINGS and cell.strip():
        return f"'{cell}"
    return cell
