"""The rows of a table, and what stands in their cells."""

from dataclasses import dataclass
from datetime import date, datetime, time

from tiendo_contracts.problems.problem_kinds import ProblemKind

Cell = str | int | float | bool | date | time | None
"""What a cell bears; an instant of a spreadsheet is a `datetime` without a zone."""

NO_VALUE = frozenset({"", "-", "--", "NULL", "null"})
"""What programs write into a cell that says nothing."""

BROKEN = "\udcff"
"""Stands in a text where the file's bytes are no text of its encoding."""

UNCOMPUTED = "\udcfe"
"""Stands in the cell of a formula whose value the file does not keep."""


class UndatedNumber(float):
    """A number of a spreadsheet whose days are not counted as in others, so that it may not be taken for a date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A row that is not blank: its number in the file as people count, from 1, and its cells; `fault` says why it cannot be read."""

    number: int
    cells: tuple[Cell, ...]
    fault: ProblemKind | None = None

    def cell(self, column: int | None) -> Cell:
        """What stands in the column, from 0; None beyond the row's end, and for a column that there is not."""
        return self.cells[column] if column is not None and column < len(self.cells) else None


def cell_text(cell: Cell) -> str:
    """The cell as text without the white space around it; empty where it says nothing."""
    match cell:
        case str():
            text = cell.strip()
            return "" if text in NO_VALUE else text
        case None:
            return ""
        case float() if cell.is_integer():
            return str(int(cell))
        case datetime():
            return cell.isoformat(sep=" ")
        case _:
            return str(cell)


def is_blank(cells: tuple[Cell, ...]) -> bool:
    """Whether nothing stands in a row."""
    return not any(cell is not None and (not isinstance(cell, str) or cell.strip()) for cell in cells)


def shown(text: str) -> str:
    """The text as it can be shown and kept: what could not be read is a replacement character."""
    return text.replace(BROKEN, "\ufffd").replace(UNCOMPUTED, "")
