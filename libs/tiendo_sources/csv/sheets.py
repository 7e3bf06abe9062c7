"""The one table of a CSV file as a whole."""

from collections.abc import Iterator
from contextlib import closing
from io import BufferedReader

from tiendo_sources.csv.layout import layout_of
from tiendo_sources.csv.reader import read_rows
from tiendo_sources.formats import WholeSheet
from tiendo_sources.tables.mapping import TableShape
from tiendo_sources.tables.whole_sheets import HEADING_ROWS_MAX, ROWS_MAX, whole


def sheets(stream: BufferedReader, most: int = ROWS_MAX) -> Iterator[WholeSheet]:
    """Yield the table, of at most so many rows. Raises LogUnreadable."""
    layout = layout_of(stream, TableShape())
    with closing(read_rows(stream, layout, header_rows=HEADING_ROWS_MAX)) as rows:
        yield WholeSheet(name="", place="line", rows=whole(rows, most))
