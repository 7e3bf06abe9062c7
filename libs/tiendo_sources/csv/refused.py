"""The refused rows of a CSV table as another: the same separator, UTF-8 with a mark, as spreadsheets open it."""

import csv
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BufferedReader, TextIOWrapper
from itertools import islice
from pathlib import Path

from tiendo_sources.csv.layout import mapped_layout
from tiendo_sources.csv.reader import read_rows
from tiendo_sources.formats import RefusedFile
from tiendo_sources.refused_files import gathered, written_whole
from tiendo_sources.tables.cells import shown
from tiendo_sources.tables.entries import OriginalRow
from tiendo_sources.tables.mapping import TableMapping
from tiendo_sources.tables.refused_rows import RefusedRows


@contextmanager
def refused_csv(stream: BufferedReader, path: Path, mapping: TableMapping) -> Iterator[RefusedFile]:
    """The file of refused rows at `path`, with the headings of the table in `stream`."""
    layout = mapped_layout(stream, mapping)
    count = mapping.table.header_rows
    with closing(read_rows(stream, layout, header_rows=count)) as found:
        rows = RefusedRows(list(islice(found, count)))
    with written_whole(path) as file, TextIOWrapper(file, "utf-8-sig", "replace", newline="") as text:
        written = csv.writer(text, delimiter=layout.delimiter)
        written.writerows([[_text(cell) for cell in row] for row in rows.headings])

        def hand_on(original: OriginalRow, reason: str) -> None:
            written.writerow([_text(cell) for cell in rows.with_reason(original.cells, reason)])

        with gathered(hand_on) as gathering:
            yield gathering
        text.flush()


def _text(cell: object) -> str:
    return "" if cell is None else shown(str(cell))
