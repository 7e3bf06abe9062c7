"""Whole tables in memory, for what is small and is judged as a whole."""

from collections.abc import Iterator
from itertools import islice

from tiendo_sources.errors import LogUnreadable
from tiendo_sources.tables.cells import TableRow

HEADING_ROWS_MAX = 20
ROWS_MAX = 200_000


def whole(rows: Iterator[TableRow]) -> list[TableRow]:
    """All rows. Raises LogUnreadable where they are more than one table of a directory has."""
    found = list(islice(rows, ROWS_MAX + 1))
    if len(found) > ROWS_MAX:
        raise LogUnreadable(f"the table has more than {ROWS_MAX:,} rows; divide it into several files")
    return found
