"""Tables that lose nothing: as wide as there is room, cells wrapped; where columns no longer fit, a block for each row instead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from rich import box
from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from tiendo_cli.terminal import visible
from tiendo_contracts.explanation import days_and_hours, in_words, number_in_words
from tiendo_contracts.problems.problem_kinds import Language

_TEXT_WIDTH_MIN: Final = 14
"""Names stay readable down to this width; narrower, rows become blocks."""
_ENOUGH: Final = 32
_GAP: Final = 2
_INDENT: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """Working minutes, shown with days and hours beside them; None shows nothing."""

    minutes: int | None
    language: Language


@dataclass(frozen=True, slots=True)
class Styled:
    """A text in a colour or another style of `rich`."""

    text: str
    style: str


@dataclass(frozen=True, slots=True)
class Span:
    """Two moments, one below the other, or side by side where there are no columns."""

    start: str
    end: str


Cell = str | Amount | Styled | Span | Text
"""What stands in a place of a table; a `Text` is drawn as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Width:
    least: int
    wanted: int


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column; `whole`: its cells are never broken (codes, moments); `right`: numbers."""

    heading: str
    whole: bool = False
    right: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A table; drawn in columns where they fit, else row by row with the headings before each value."""

    columns: Sequence[TableColumn]
    rows: Sequence[Sequence[Cell]]
    title: str | None = None

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        """The table for the width that there is."""
        if self.title is not None:
            yield Text(visible(self.title), style="bold", overflow="fold")
        widths = self._widths(options.max_width)
        if widths is None:
            yield from self._blocks()
        else:
            yield self._grid(widths)

    def _widths(self, room: int) -> list[int] | None:
        """The width of each column; None where the columns do not fit."""
        wished = [self._width(number, column) for number, column in enumerate(self.columns)]
        left = room - _GAP * (len(wished) - 1) - sum(width.least for width in wished)
        if left < 0:
            return None
        widths = [width.least for width in wished]
        # What most need first, so that one endless name leaves room for the others.
        for limit in (_ENOUGH, room):
            wants = [max(0, min(width.wanted, limit) - now) for width, now in zip(wished, widths, strict=True)]
            share = min(1.0, (left + sum(width.least for width in wished) - sum(widths)) / (sum(wants) or 1))
            widths = [now + int(want * share) for now, want in zip(widths, wants, strict=True)]
        return widths

    def _width(self, number: int, column: TableColumn) -> _Width:
        heading = [cell_len(word) for word in column.heading.split()] or [0]
        lines = [cell_len(line) for row in self.rows for line in _lines(row[number])] or [0]
        wanted = max(*lines, cell_len(column.heading))
        if column.whole or column.right:
            return _Width(least=max(*lines, *heading), wanted=wanted)
        return _Width(least=max(min(max(lines), _TEXT_WIDTH_MIN), *heading), wanted=wanted)

    def _grid(self, widths: Sequence[int]) -> Table:
        several = any(
            sum(_height(cell, width) > 1 for cell, width in zip(row, widths, strict=True)) > 1 for row in self.rows
        )
        table = Table(box=box.HORIZONTALS, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), show_lines=several)
        for column, width in zip(self.columns, widths, strict=True):
            table.add_column(
                Text(column.heading), width=width, overflow="fold", justify="right" if column.right else "left"
            )
        for row in self.rows:
            table.add_row(*(_drawn(cell) for cell in row))
        return table

    def _blocks(self) -> Iterator[RenderableType]:
        for row in self.rows:
            first, *others = ((column, cell) for column, cell in zip(self.columns, row, strict=True) if _lines(cell))
            yield Text(_in_one_line(first[1]), style="bold", overflow="fold")
            for column, cell in others:
                drawn = cell if isinstance(cell, Text) else Text(_in_one_line(cell), style=_style(cell))
                heading = Text(f"{column.heading}: " if column.heading else "")
                yield Padding(heading.append_text(drawn), (0, 0, 0, _INDENT), expand=False)
            yield Text("")


def _lines(cell: Cell) -> list[str]:
    """The cell as it stands in a column, line by line; none where it shows nothing."""
    if isinstance(cell, Amount):
        if cell.minutes is None:
            return []
        longer = days_and_hours(cell.minutes)
        number = number_in_words(cell.minutes, cell.language)
        return [number] if longer is None else [number, longer.spoken(cell.language)]
    if isinstance(cell, Span):
        return [visible(cell.start), visible(cell.end)]
    if isinstance(cell, Text):
        return cell.plain.split("\n") if cell.plain else []
    text = _text(cell)
    return [text] if text else []


def _height(cell: Cell, width: int) -> int:
    """About how many lines the cell takes in a column of that width."""
    return sum(1 + (cell_len(line) - 1) // max(1, width) for line in _lines(cell))


def _in_one_line(cell: Cell) -> str:
    if isinstance(cell, Amount):
        return "" if cell.minutes is None else in_words(cell.minutes, cell.language)
    if isinstance(cell, Span):
        return f"{visible(cell.start)} – {visible(cell.end)}"
    return cell.plain if isinstance(cell, Text) else _text(cell)


def _text(cell: str | Styled) -> str:
    return visible(cell.text if isinstance(cell, Styled) else cell)


def _style(cell: Cell) -> str:
    return cell.style if isinstance(cell, Styled) else ""


def _drawn(cell: Cell) -> Text:
    return cell if isinstance(cell, Text) else Text("\n".join(_lines(cell)), style=_style(cell))
