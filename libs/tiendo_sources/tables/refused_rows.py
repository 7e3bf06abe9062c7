"""The refused rows of a table as rows of another: the same columns, and the reason behind them."""

from collections.abc import Sequence

from tiendo_domain.names import name_key
from tiendo_sources.refused_files import REASON
from tiendo_sources.tables.cells import Cell, TableRow, is_blank


class RefusedRows:
    """Where the reason stands behind the columns of a table with these rows of headings, of which the last bears its heading.

    A table that has the column already, being itself one of refused rows, keeps it.
    """

    def __init__(self, heads: Sequence[TableRow]) -> None:
        rows = [_trimmed(row.cells) for row in heads] or [()]
        width = max(map(len, rows))
        last = rows[-1]
        has_reason = len(last) == width and bool(last) and isinstance(last[-1], str) and name_key(last[-1]) == REASON
        self._width = width - has_reason
        self._has_reason = has_reason
        self.headings = [*rows[:-1], self.with_reason(last, REASON)]

    def with_reason(self, cells: Sequence[Cell], reason: str) -> tuple[Cell, ...]:
        """The cells of a row with the reason in its column, in the place of a former one; what no heading stands over comes behind it."""
        kept = tuple(cells[: self._width])
        further = _trimmed(tuple(cells[self._width + self._has_reason :]))
        return (*kept, *(None for _ in range(self._width - len(kept))), reason, *further)


def _trimmed(cells: tuple[Cell, ...]) -> tuple[Cell, ...]:
    while cells and is_blank(cells[-1:]):
        cells = cells[:-1]
    return cells
