"""The headings of a table, and in which columns what the mapping names stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tiendo_sources.errors import LogUnreadable, MappingError
from tiendo_sources.tables.cells import TableRow, cell_text
from tiendo_sources.tables.mapping import TableMapping, heading_key

_SHOWN_MAX = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Headings:
    """The lowest heading of each column; empty where a column has none."""

    shown: tuple[str, ...]

    def places(self, headings: Mapping[str, str]) -> dict[str, int]:
        """The column, from 0, of each of the headings, by where the mapping names them.

        Raises MappingError for one that no column bears, or more than one.
        """
        found: dict[str, list[int]] = {}
        for column, heading in enumerate(self.shown):
            found.setdefault(heading_key(heading), []).append(column)
        places = {}
        for where, heading in headings.items():
            columns = found.get(heading_key(heading), [])
            if len(columns) != 1:
                raise MappingError(where, self._fault(heading, columns))
            places[where] = columns[0]
        return places

    def _fault(self, heading: str, columns: Sequence[int]) -> str:
        if columns:
            numbers = " and ".join(str(column + 1) for column in columns)
            return f"“{heading}” heads the columns {numbers}; give one of them another heading"
        named = [f"“{each}”" for each in self.shown if each]
        more = f" and {len(named) - _SHOWN_MAX} more" if len(named) > _SHOWN_MAX else ""
        return (
            f"no column is headed “{heading}”; the lowest headings in the first rows are {', '.join(named[:_SHOWN_MAX]) or 'none'}{more}. "
            "If the headings stand elsewhere, write `[table] header_rows`: how many rows there are up to the lowest of them"
        )


def headings_of(rows: Sequence[TableRow]) -> Headings:
    """The headings in the first rows of a table.

    Raises LogUnreadable where nothing stands in them.
    """
    width = max((len(row.cells) for row in rows), default=0)
    lowest = [""] * width
    for row in rows:
        for column, cell in enumerate(row.cells):
            if text := " ".join(cell_text(cell).split()):
                lowest[column] = text
    if not any(lowest):
        raise LogUnreadable("the table is empty: no headings stand in its first rows")
    return Headings(shown=tuple(lowest))


def named_headings(mapping: TableMapping) -> dict[str, str]:
    """Every heading that the mapping names, by the place in the mapping where it is named."""
    named = {f"columns.{name}": heading for name, heading in mapping.columns.named.items()}
    for number, status in enumerate(mapping.status):
        named[f"status.{number}.column"] = status.column
        if status.at is not None:
            named[f"status.{number}.at"] = status.at
    return named
