"""How lists are sorted: by the heads of their columns, which are links; the order stands in the address."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from pydantic import WithJsonSchema

from tiendo_contracts.answers.reports import Figures
from tiendo_query.questions.parameters import one_of

_Row = TypeVar("_Row")

COUNTED_FALLING: Final = frozenset({"resolved", "overdue", "open_overdue"})
"""Of `counted_columns` those of which most is of interest first."""


def counted_columns(counts: Callable[[_Row], Figures]) -> Mapping[str, Callable[[_Row], Any]]:
    """The columns of whatever has the figures of a period."""
    return {
        "resolved": lambda row: counts(row).resolved,
        "overdue": lambda row: counts(row).resolved_overdue,
        "on_time": lambda row: counts(row).on_time_ratio,
        "open_overdue": lambda row: counts(row).open_overdue,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorts:
    """The heads of a list: `chosen` is the order in the address, None the usual one; `link` leads to the same list in another.

    `falling` are the columns of which the greatest is of interest first; `usual` is what the list goes by where nothing is chosen.
    """

    link: Callable[[str], str]
    columns: frozenset[str]
    chosen: str | None = None
    falling: frozenset[str] = frozenset()
    usual: str | None = None

    def way(self, column: str) -> str | None:
        """What `aria-sort` says of the column; None where the list does not go by it."""
        now = self.chosen or self.usual
        if now is None or now.removeprefix("-") != column:
            return None
        return "descending" if now.startswith("-") else "ascending"

    def href(self, column: str) -> str | None:
        """The list by that column; where it goes by it already, the other way round. None for a column that sorts nothing."""
        if column not in self.columns:
            return None
        first = f"-{column}" if column in self.falling else column
        other = column if column in self.falling else f"-{column}"
        return self.link(other if first == (self.chosen or self.usual) else first)


@dataclass(frozen=True, slots=True, kw_only=True)
class SortedColumns(Generic[_Row]):
    """The columns by which a list is sorted of which all is known: name -> what stands in it, None where nothing does.

    `falling` as of `Sorts`; `usual` names the order in which the rows come.
    """

    keys: Mapping[str, Callable[[_Row], Any]]
    falling: frozenset[str] = frozenset()
    usual: str | None = None

    @property
    def names(self) -> Sequence[str]:
        """What may be asked: a column, `-` before one that falls."""
        return [f"{way}{column}" for column in self.keys for way in ("", "-")]

    @property
    def parameter(self) -> tuple[Any, ...]:
        """What `Annotated` makes a parameter of."""
        return (one_of(*self.names), WithJsonSchema({"type": "string", "enum": list(self.names)}))

    def in_order(self, rows: Iterable[_Row], asked: str | None) -> list[_Row]:
        """The rows in the order that was asked for, those of which the column says nothing at the end; equal ones as they come."""
        if asked is None:
            return list(rows)
        key = self.keys[asked.removeprefix("-")]
        kept = list(rows)
        said = sorted((row for row in kept if key(row) is not None), key=key, reverse=asked.startswith("-"))
        return [*said, *(row for row in kept if key(row) is None)]

    def heads(self, asked: str | None, link: Callable[[str], str]) -> Sorts:
        """The heads of the list."""
        return Sorts(link=link, columns=frozenset(self.keys), chosen=asked, falling=self.falling, usual=self.usual)
