"""What a table says in which column: codes and instants for programs, words and local dates for people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from zoneinfo import ZoneInfo

from tiendo_contracts.answers.common import Named
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_read_models.queries.units import UnitTree

Value = str | int | datetime | None
"""A datetime is naive: the local clock of the province."""


class Shown(Protocol):
    """A row of a table."""

    @property
    def simulated(self) -> bool:
        """Whether it rests on simulated events."""
        ...


RowT = TypeVar("RowT", bound=Shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How values are put for people: the tree for the paths of units, the zone for local dates, the language of the words."""

    tree: UnitTree
    zone: ZoneInfo
    language: Language

    def unit(self, unit: Named | None) -> str | None:
        """The unit with the path of its parents."""
        return None if unit is None else self.tree.path(unit.id, unit.name)

    def local(self, text: str | None) -> datetime | None:
        """The instant by the local clock."""
        return None if text is None else read_instant(text).astimezone(self.zone).replace(tzinfo=None)

    def words(self, words: Words | None) -> str | None:
        """The words in the language."""
        return None if words is None else words.spoken(self.language)


@dataclass(frozen=True, slots=True)
class Column(Generic[RowT]):
    """A column: its heading, what it says of a row, and its width in a spreadsheet."""

    heading: Words
    value: Callable[[RowT, Wording], Value]
    width: int = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Table(Generic[RowT]):
    """A report as a table: `name` is that of its file, `sheet` that of its sheet in a workbook.

    `codes` are the columns for programs: codes, and instants as answers show them; `in_words` those for people: words, local dates.
    """

    name: str
    sheet: Words
    codes: Sequence[Column[RowT]]
    in_words: Sequence[Column[RowT]]
    head: Sequence[Words] = ()
    """What stands above the headings in a workbook: what the table shows, by which definitions. Files for programs have none."""


def coded(name: str, value: Callable[[RowT, Wording], Value]) -> Column[RowT]:
    """A column for programs, called alike in every language."""
    return Column(Words(en=name, vi=name), value)


def says(en: str, vi: str, value: Callable[[RowT, Wording], Value], width: int = 16) -> Column[RowT]:
    """A column for people."""
    return Column(Words(en=en, vi=vi), value, width)


def headings(columns: Sequence[Column[RowT]], language: Language) -> list[str]:
    """The line of headings."""
    return [column.heading.spoken(language) for column in columns]
