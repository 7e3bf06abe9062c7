"""Whole tables in memory, for what is small and is judged as a whole."""

from collections.abc import Iterator
from itertools import islice

from tiendo_sources.errors import LogUnreadable
from tiendo_sources.tables.cells import TableRow

HEADING_ROWS_MAX = 20
ROWS_MAX = 200_000


def whole(rows: Iterator[TableRow], most: int) -> list[TableRow]:
    """All rows. Raises LogUnreadable where they are more than `most`."""
    found = list(islice(rows, most + 1))
    if len(found) > most:
        raise LogUnreadable(f"the table has more than {most:,} rows; divide it into several files")
    return found
