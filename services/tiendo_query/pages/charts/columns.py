"""Columns: figures over time, in parts on one another, and distributions with a value marked in them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from tiendo_query.pages.charts.drawing import (
    TOP,
    Axis,
    Block,
    Caption,
    Chart,
    Legend,
    named_columns,
    series_style,
    spread,
)
from tiendo_query.pages.showing import Said

_FILLED: Final = 0.72
_NAMED_COLUMNS_MAX: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartColumn:
    """One column: what stands below it, and its parts from the bottom up, none of them below 0; `href` leads to what it counts."""

    words: Said
    parts: Sequence[int]
    href: str | None = None


def columns(
    name: str, title: Said, found: Sequence[ChartColumn], parts: Sequence[Said], *, heading: Said, note: Said = ""
) -> Chart:
    """Columns side by side; `parts` name the parts of every column, `heading` the first column of the table."""
    axis = Axis.over([sum(one.parts) for one in found])
    blocks, captions = list[Block](), list[Caption]()
    for one, (x, room) in zip(found, spread(len(found)), strict=True):
        left, width = round(x + room * (1 - _FILLED) / 2, 1), round(room * _FILLED, 1)
        tops = list(accumulate(one.parts))
        for number, (part, top) in enumerate(zip(one.parts, tops, strict=True)):
            y = axis.y(top)
            height = round(axis.y(top - part) - y, 1)
            blocks.append(Block(x=left, y=y, width=width, height=height, style=series_style(number), title=one.words))
        if len(found) <= _NAMED_COLUMNS_MAX and tops:
            captions.append(
                Caption(x=round(left + width / 2, 1), y=axis.y(tops[-1]) - 4, text=tops[-1], anchor="middle")
            )
    return Chart(
        name=name,
        title=title,
        heads=[heading, *parts],
        rows=[[one.words, *one.parts] for one in found],
        hrefs=[one.href for one in found],
        blocks=blocks,
        strokes=axis.grid,
        captions=[*axis.numbers, *captions, *named_columns([one.words for one in found])],
        legend=[Legend(style=series_style(number), words=part) for number, part in enumerate(parts)]
        if len(parts) > 1
        else (),
        note=note,
    )


def distribution(
    name: str,
    title: Said,
    bins: Sequence[ChartColumn],
    counted: Said,
    *,
    heading: Said,
    marked: int | None = None,
    mark: Said = "",
) -> Chart:
    """How many lie in each bin; `marked` is the number of the bin in which the one lies who is looked at, `mark` says so. A distribution is no league."""
    drawn = columns(name, title, bins, [counted], heading=heading)
    blocks = [
        Block(
            x=one.x,
            y=one.y,
            width=one.width,
            height=one.height,
            title=one.title,
            style="series-6" if number == marked else "series-5",
        )
        for number, one in enumerate(drawn.blocks)
    ]
    captions = list(drawn.captions)
    if marked is not None:
        captions.append(
            Caption(x=blocks[marked].x + blocks[marked].width / 2, y=TOP - 12, text=mark, anchor="middle", style="mark")
        )
    return Chart(
        name=name,
        title=title,
        heads=drawn.heads,
        rows=drawn.rows,
        hrefs=drawn.hrefs,
        blocks=blocks,
        strokes=drawn.strokes,
        captions=captions,
        legend=[Legend(style="series-6", words=mark)] if marked is not None else (),
    )
