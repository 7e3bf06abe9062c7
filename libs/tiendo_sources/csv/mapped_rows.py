"""The rows of the table that a mapping tells of."""

from collections.abc import Generator
from contextlib import closing
from io import BufferedReader

from tiendo_sources.csv.layout import mapped_layout
from tiendo_sources.csv.reader import read_rows
from tiendo_sources.tables.cells import TableRow
from tiendo_sources.tables.mapping import TableMapping


def mapped_rows(stream: BufferedReader, mapping: TableMapping) -> closing[Generator[TableRow]]:
    """The rows of the table in `stream`, those of the headings first. Raises LogUnreadable."""
    return closing(read_rows(stream, mapped_layout(stream, mapping), header_rows=mapping.table.header_rows))
