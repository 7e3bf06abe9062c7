"""How many cells the rows of a CSV table have: in one that has more, an unquoted separator has moved cells under other headings."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from tiendo_contracts.problems.problem_kinds import ProblemKind
from tiendo_sources.errors import LogUnreadable
from tiendo_sources.tables.cells import TableRow, is_blank

_LOOKED_AT = 20
_DAMAGE = (EOFError, OSError, zlib.error, LogUnreadable)


def told_if_wider(rows: Iterator[TableRow], header_rows: int) -> Iterator[TableRow]:
    """Yield the rows; one that is wider than the table, behind the rows of headings, is one that cannot be read."""
    heads = []
    for row in islice(rows, header_rows):
        heads.append(row)
        yield row
    first, damage = _first(rows)
    width = _width(heads, first)
    for row in chain(first, rows if damage is None else ()):
        is_wider = row.fault is None and len(row.cells) > width
        yield replace(row, fault=ProblemKind.FILE_ROW_UNREADABLE) if is_wider else row
    if damage is not None:
        raise damage


def _first(rows: Iterator[TableRow]) -> tuple[list[TableRow], Exception | None]:
    """The first rows, and what went wrong while they were read."""
    first: list[TableRow] = []
    try:
        first.extend(islice(rows, _LOOKED_AT))
    except _DAMAGE as error:
        return first, error
    return first, None


def _width(heads: Sequence[TableRow], first: Sequence[TableRow]) -> int:
    """That of the headings; more where programs end every row, but not the headings, with separators."""
    width = max((len(row.cells) for row in heads), default=0)
    spare = [
        len(row.cells) for row in first if row.fault is None and not is_blank(row.cells) and is_blank(row.cells[width:])
    ]
    return max(width, min(spare, default=0))
