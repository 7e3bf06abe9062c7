"""Pieces of WordprocessingML: text runs and tables."""

from collections.abc import Collection, Sequence
from typing import Final
from xml.sax.saxutils import escape

from tiendo_documents.cell_values import in_words
from tiendo_documents.document_tables import (
    Align,
    DocumentTable,
    PlacedCell,
    group_places,
    heading_rows,
    leaves,
    placed_rows,
)

NAMESPACE: Final = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TWIPS_PER_MM: Final = 56.6929
_ALIGNS: Final = {Align.LEFT: "left", Align.CENTRE: "center", Align.RIGHT: "right", Align.JUSTIFIED: "both"}
_BORDERS: Final = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="auto"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_MARGINS: Final = '<w:tblCellMar><w:left w:w="57" w:type="dxa"/><w:right w:w="57" w:type="dxa"/></w:tblCellMar>'


def run(text: str, *, size: float, bold: bool = False, italic: bool = False) -> str:
    """The runs of a text: a break for each end of line, sizes in half points."""
    half_points = round(size * 2)
    letters = f'{"<w:b/>" if bold else ""}{"<w:i/>" if italic else ""}<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/>'
    pieces = "<w:br/>".join(f'<w:t xml:space="preserve">{escape(line)}</w:t>' for line in text.split("\n"))
    return f"<w:r><w:rPr>{letters}</w:rPr>{pieces}</w:r>"


def table_markup(table: DocumentTable, width_mm: float) -> str:
    """The XML of the table, as wide as is said; its heading stands again on every page. Raises TableUneven, and TooLong."""
    columns = leaves(table.columns)
    total = sum(column.width for column in columns)
    widths = [round(column.width / total * width_mm * TWIPS_PER_MM) for column in columns]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    rows = [*_rows(heading_rows(table.columns), widths, table.size, heading=True)]
    rows += _rows(placed_rows(table), widths, table.size, heading=False, groups=group_places(table))
    return (
        f'<w:tbl xmlns:w="{NAMESPACE}"><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f'<w:tblBorders>{_BORDERS}</w:tblBorders><w:tblLayout w:type="fixed"/>{_MARGINS}</w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _rows(
    rows: Sequence[Sequence[PlacedCell]],
    widths: Sequence[int],
    size: float,
    *,
    heading: bool,
    groups: Collection[int] = (),
) -> list[str]:
    """The rows; a cell that spans rows goes on in each of them as an empty one. Those at the places of `groups` stay with the next."""
    going_on: dict[int, tuple[int, int]] = {}
    """First column -> columns, and rows still to come."""
    found = list[str]()
    properties = f"<w:trPr><w:cantSplit/>{'<w:tblHeader/>' if heading else ''}</w:trPr>"
    for place, row in enumerate(rows):
        cells = {placed.column: _cell(placed, widths, size, kept=place in groups) for placed in row}
        for column, (columns, rest) in list(going_on.items()):
            cells[column] = _continued(column, columns, widths)
            going_on[column] = (columns, rest - 1)
            if rest == 1:
                del going_on[column]
        going_on |= {each.column: (each.cell.columns, each.cell.rows - 1) for each in row if each.cell.rows > 1}
        found.append(f"<w:tr>{properties}{''.join(cells[column] for column in sorted(cells))}</w:tr>")
    return found


def _cell(placed: PlacedCell, widths: Sequence[int], size: float, *, kept: bool) -> str:
    cell = placed.cell
    merge = '<w:vMerge w:val="restart"/>' if cell.rows > 1 else ""
    text = run(in_words(cell.value), size=size, bold=cell.bold, italic=cell.italic)
    align = _ALIGNS[cell.align or Align.LEFT]
    properties = f'{"<w:keepNext/>" if kept else ""}<w:spacing w:before="20" w:after="20" w:line="240" w:lineRule="auto"/><w:jc w:val="{align}"/>'
    paragraph = f"<w:p><w:pPr>{properties}</w:pPr>{text}</w:p>"
    return f"<w:tc>{_cell_properties(placed.column, cell.columns, widths, merge)}{paragraph}</w:tc>"


def _continued(column: int, columns: int, widths: Sequence[int]) -> str:
    return f"<w:tc>{_cell_properties(column, columns, widths, '<w:vMerge/>')}<w:p/></w:tc>"


def _cell_properties(column: int, columns: int, widths: Sequence[int], merge: str) -> str:
    span = f'<w:gridSpan w:val="{columns}"/>' if columns > 1 else ""
    width = sum(widths[column : column + columns])
    return f'<w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
