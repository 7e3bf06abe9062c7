"""A mapping suggested for a CSV table."""

from contextlib import closing
from io import BufferedReader
from itertools import islice

from tiendo_sources.csv.layout import layout_of
from tiendo_sources.csv.reader import read_rows
from tiendo_sources.tables.mapping import TableShape
from tiendo_sources.tables.suggestion import SAMPLE_ROWS, suggestion

_DELIMITER_NAMES = {"\t": "tab"}
_ENCODING_NAMES = {"utf-8-sig": "utf-8", "cp1258": "windows-1258"}


def suggested(stream: BufferedReader) -> str:
    """The text of a mapping for the table in `stream`. Raises LogUnreadable."""
    layout = layout_of(stream, TableShape())
    with closing(read_rows(stream, layout, header_rows=SAMPLE_ROWS)) as rows:
        sample = list(islice(rows, SAMPLE_ROWS))
    found = (
        f'delimiter = "{_DELIMITER_NAMES.get(layout.delimiter, layout.delimiter)}"',
        f'encoding = "{_ENCODING_NAMES.get(layout.encoding, layout.encoding)}"',
    )
    return suggestion(sample, found)
