"""The sheets of a workbook that are shown, each as a whole."""

from collections.abc import Iterator
from io import BufferedReader

from tiendo_sources.formats import WholeSheet
from tiendo_sources.tables.mapping import TableShape
from tiendo_sources.tables.whole_sheets import HEADING_ROWS_MAX, ROWS_MAX, whole
from tiendo_sources.xlsx.mapped_rows import sheet_rows
from tiendo_sources.xlsx.package import opened_package
from tiendo_sources.xlsx.workbook_parts import read_workbook


def sheets(stream: BufferedReader, most: int = ROWS_MAX) -> Iterator[WholeSheet]:
    """Yield the sheets in their order, each of at most so many rows. Raises LogUnreadable."""
    with opened_package(stream) as package:
        names = [sheet.name for sheet in read_workbook(package).sheets if sheet.is_shown]
    for name in names:
        stream.seek(0)
        with sheet_rows(stream, TableShape(sheet=name, header_rows=HEADING_ROWS_MAX)) as rows:
            yield WholeSheet(name=name, place="row", rows=whole(rows, most))
