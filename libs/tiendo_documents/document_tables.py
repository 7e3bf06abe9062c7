"""Tables of documents: columns in groups, rows that span, totals, and where each cell lies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tiendo_documents.cell_values import Percentage, Value
from tiendo_documents.errors import TableUneven, TooLong

ROWS_MAX: Final = 10_000
COLUMNS_MAX: Final = 60


class Align(StrEnum):
    """Where a text stands in its place."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"
    JUSTIFIED = "justified"


class RowRole(StrEnum):
    """What a row is: of a thing, the heading of those that follow, or a sum."""

    ITEM = "item"
    GROUP = "group"
    TOTAL = "total"


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentColumn:
    """A column: its heading, its width beside the others, and the number that a form gives it, such as "(3)".

    `align` is that of its cells; None: figures to the right, dates in the middle, texts to the left.
    """

    heading: str
    width: float = 1.0
    number: str | None = None
    align: Align | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnGroup:
    """Columns under one heading."""

    heading: str
    columns: Sequence["DocumentColumn | ColumnGroup"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A value that stands out: over several columns or rows, bold, or aligned otherwise than its column."""

    value: Value
    columns: int = 1
    rows: int = 1
    bold: bool = False
    italic: bool = False
    align: Align | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """Cells from left to right; places that a cell of a row above spans are left out. Group rows and totals are bold."""

    cells: Sequence[Value | Cell]
    kind: RowRole = RowRole.ITEM


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentTable:
    """A table whose heading stands again on every page.

    `unit` is what is counted ("Đơn vị tính: hồ sơ", to the right above it), `notes` stand below it. `size` is that of its letters in points.
    """

    columns: Sequence[DocumentColumn | ColumnGroup]
    rows: Sequence[DocumentRow]
    caption: str | None = None
    unit: str | None = None
    notes: Sequence[str] = ()
    size: float = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedCell:
    """A cell and the first column and row (from 0) that it covers."""

    cell: Cell
    column: int
    row: int


def group_row(label: str, table_columns: int) -> DocumentRow:
    """The heading of the rows that follow, over the whole width."""
    return DocumentRow(cells=(Cell(value=label, columns=table_columns, align=Align.LEFT),), kind=RowRole.GROUP)


def group_places(table: DocumentTable) -> frozenset[int]:
    """The places of the rows that head those which follow: none is to stand alone at the end of a page."""
    return frozenset(place for place, row in enumerate(table.rows) if row.kind is RowRole.GROUP)


def leaves(columns: Sequence[DocumentColumn | ColumnGroup]) -> list[DocumentColumn]:
    """The columns that hold cells, from left to right. Raises TooLong."""
    found = list(_leaves(columns))
    if len(found) > COLUMNS_MAX:
        raise TooLong("columns in a table", COLUMNS_MAX)
    return found


def _leaves(columns: Sequence[DocumentColumn | ColumnGroup]) -> Iterator[DocumentColumn]:
    for each in columns:
        if isinstance(each, DocumentColumn):
            yield each
        else:
            yield from _leaves(each.columns)


def heading_rows(columns: Sequence[DocumentColumn | ColumnGroup]) -> list[list[PlacedCell]]:
    """The lines of the heading; the last is that of the columns' numbers, if any has one."""
    depth = _depth(columns)
    found: list[list[PlacedCell]] = [[] for _ in range(depth)]
    _place_headings(columns, found, row=0, column=0, depth=depth)
    numbers = [column.number for column in leaves(columns)]
    if any(numbers):
        found.append(
            [
                PlacedCell(cell=Cell(value=number or "", italic=True, align=Align.CENTRE), column=place, row=depth)
                for place, number in enumerate(numbers)
            ]
        )
    return found


def _depth(columns: Sequence[DocumentColumn | ColumnGroup]) -> int:
    return 1 + max((_depth(each.columns) for each in columns if isinstance(each, ColumnGroup)), default=0)


def _place_headings(
    columns: Sequence[DocumentColumn | ColumnGroup], found: list[list[PlacedCell]], *, row: int, column: int, depth: int
) -> int:
    """Place the headings from the column on; returns the column after the last."""
    for each in columns:
        if isinstance(each, DocumentColumn):
            end, rows = column + 1, depth - row
        else:
            end, rows = _place_headings(each.columns, found, row=row + 1, column=column, depth=depth), 1
        cell = Cell(value=each.heading, columns=end - column, rows=rows, bold=True, align=Align.CENTRE)
        found[row].append(PlacedCell(cell=cell, column=column, row=row))
        column = end
    return column


def placed_rows(table: DocumentTable) -> list[list[PlacedCell]]:
    """The cells of each row where they lie. Raises TableUneven, and TooLong."""
    if len(table.rows) > ROWS_MAX:
        raise TooLong("rows in a table", ROWS_MAX)
    columns = leaves(table.columns)
    taken: list[int] = [0] * len(columns)
    found = [_placed(row, number, columns, taken) for number, row in enumerate(table.rows)]
    if any(taken):
        raise TableUneven(len(table.rows), len(columns))
    return found


def _placed(row: DocumentRow, number: int, columns: Sequence[DocumentColumn], taken: list[int]) -> list[PlacedCell]:
    found, place, width = list[PlacedCell](), 0, len(columns)
    for each in row.cells:
        while place < width and taken[place]:
            place += 1
        cell = each if isinstance(each, Cell) else Cell(value=each)
        end = place + cell.columns
        if end > width or any(taken[place:end]):
            raise TableUneven(number + 1, width)
        cell = _styled(cell, row.kind, columns[place])
        found.append(PlacedCell(cell=cell, column=place, row=number))
        taken[place:end] = [cell.rows] * cell.columns
        place = end
    if not all(taken):
        raise TableUneven(number + 1, width)
    taken[:] = [rows - 1 for rows in taken]
    return found


def _styled(cell: Cell, kind: RowRole, column: DocumentColumn) -> Cell:
    """The cell with what follows from its row and its column."""
    return Cell(
        value=cell.value,
        columns=cell.columns,
        rows=cell.rows,
        bold=cell.bold or kind is not RowRole.ITEM,
        italic=cell.italic,
        align=cell.align or column.align or _usual_align(cell.value),
    )


def _usual_align(value: Value) -> Align:
    if isinstance(value, int | Percentage):
        return Align.RIGHT
    return Align.LEFT if value is None or isinstance(value, str) else Align.CENTRE
