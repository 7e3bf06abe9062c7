"""The shapes of which pictures are made, in units of the picture, and the axis that figures are measured by."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.pages.showing import Said

WIDTH: Final = 720
HEIGHT: Final = 260
LEFT: Final = 64
RIGHT: Final = 12
TOP: Final = 26
BOTTOM: Final = 34
SERIES_MAX: Final = 6
"""As many colours there are that everybody tells apart."""

TICKS_MAX: Final = 5
_STEPS: Final = (1, 2, 5)
_LINE: Final = 13
_LETTER: Final = 6.6
"""Width of a letter of a tick's words, in units of the picture, with what keeps two of them apart."""

Shown = Said | int
"""A word, or a number that the page writes in its language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A rectangle; `title` says what it stands for."""

    x: float
    y: float
    width: float
    height: float
    style: str
    title: Said = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stroke:
    """A line through points, `x,y x,y …`."""

    points: str
    style: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """A text; `anchor` is start, middle or end."""

    x: float
    y: float
    text: Shown
    anchor: str = "start"
    style: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Legend:
    """What a colour stands for."""

    style: str
    words: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture, and behind it its figures: `heads` are the columns of the table, `rows` its cells, the first of which names the row.

    `hrefs` lead from the names of the rows to what they count, in the order of the rows; none where nothing lies behind.
    """

    name: str
    """Tells the pictures of a page apart: letters, digits and `-`."""
    title: Said
    heads: Sequence[Said]
    rows: Sequence[Sequence[Shown]]
    hrefs: Sequence[str | None] = ()
    blocks: Sequence[Block] = ()
    strokes: Sequence[Stroke] = ()
    captions: Sequence[Caption] = ()
    legend: Sequence[Legend] = ()
    note: Said = ""
    width: int = WIDTH
    height: int = HEIGHT

    def href(self, row: int) -> str | None:
        """Where the name of the row leads."""
        return self.hrefs[row] if row < len(self.hrefs) else None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not self.rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """From figures to places on the upright axis: `least` lies at the bottom, `most` at the top."""

    least: int
    most: int
    height: int = HEIGHT

    @classmethod
    def over(cls, values: Sequence[int], *, height: int = HEIGHT) -> "Axis":
        """The axis that holds all values and 0, with round ends."""
        least, most = min(0, *values, 0), max(0, *values, 0)
        step = step_of(most - least)
        return cls(least=least // step * step, most=max(step, -(-most // step) * step), height=height)

    def y(self, value: float) -> float:
        """Where the value lies."""
        room = self.height - TOP - BOTTOM
        return round(self.height - BOTTOM - (value - self.least) / (self.most - self.least) * room, 1)

    @property
    def ticks(self) -> Iterator[int]:
        """Round numbers from one end to the other."""
        step = step_of(self.most - self.least)
        return iter(range(self.least, self.most + 1, step))

    @property
    def grid(self) -> Sequence[Stroke]:
        """A line at each of the ticks."""
        return [
            Stroke(
                points=f"{LEFT},{self.y(tick)} {WIDTH - RIGHT},{self.y(tick)}", style="grid" if tick else "grid base"
            )
            for tick in self.ticks
        ]

    @property
    def numbers(self) -> Sequence[Caption]:
        """The ticks' numbers, left of the axis."""
        return [Caption(x=LEFT - 6, y=self.y(tick) + 4, text=tick, anchor="end", style="tick") for tick in self.ticks]


def step_of(room: int) -> int:
    """The round number by which at most `TICKS_MAX` steps cover the room: 1, 2 or 5 and zeros behind it."""
    power = 1
    while True:
        for step in _STEPS:
            if room <= step * power * TICKS_MAX:
                return step * power
        power *= 10


def spread(count: int) -> Iterator[tuple[float, float]]:
    """Where each of so many columns begins, and its width."""
    room = (WIDTH - LEFT - RIGHT) / max(1, count)
    for number in range(count):
        yield round(LEFT + number * room, 1), round(room, 1)


def width_of(words: Shown) -> float:
    """About how wide a caption of these words is, in whichever language it is longer."""
    texts = (words.vi, words.en) if isinstance(words, Words) else (str(words),)
    return _LETTER * (max(map(len, texts)) + 1)


def named_columns(words: Sequence[Said], *, lines: int = 1) -> Iterator[Caption]:
    """The words below the columns, in turn on so many lines, and as many of them as do not overlap."""
    room = lines * (WIDTH - LEFT - RIGHT) / max(1, len(words))
    every = max(1, math.ceil(max(map(width_of, words), default=0) / room))
    for number, (x, width) in enumerate(spread(len(words))):
        if number % every == 0:
            y = HEIGHT - BOTTOM + 16 + _LINE * (number // every % lines)
            yield Caption(x=round(x + width / 2, 1), y=y, text=words[number], anchor="middle", style="tick")


def series_style(number: int) -> str:
    """The colour of a series, counted from 0."""
    return f"series-{number % SERIES_MAX + 1}"
