"""Waterfalls: what a total is made of, one step behind the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.pages.charts.drawing import Axis, Block, Caption, Chart, Stroke, named_columns, spread
from tiendo_query.pages.showing import Said

_FILLED: Final = 0.7
TOTAL: Final = Words(vi="Tổng", en="Total")


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterfallStep:
    """What one cause adds, or below 0 takes away; `href` leads to what is behind it."""

    words: Said
    value: int
    href: str | None = None


def waterfall(
    name: str, title: Said, steps: Sequence[WaterfallStep], *, heading: Said, counted: Said, note: Said = ""
) -> Chart:
    """The steps one behind the other, and what they come to; the total is computed, never given."""
    levels = [0]
    for step in steps:
        levels.append(levels[-1] + step.value)
    axis = Axis.over(levels)
    blocks, captions, strokes = list[Block](), list[Caption](), list[Stroke]()
    words = [*(step.words for step in steps), TOTAL]
    for number, (x, room) in enumerate(spread(len(words))):
        last = number == len(steps)
        low, high = (0, levels[-1]) if last else (levels[number], levels[number + 1])
        left, width = round(x + room * (1 - _FILLED) / 2, 1), round(room * _FILLED, 1)
        y, bottom = axis.y(max(low, high)), axis.y(min(low, high))
        style = "series-1" if last else "series-2" if high >= low else "series-3"
        blocks.append(Block(x=left, y=y, width=width, height=round(bottom - y, 1), style=style, title=words[number]))
        captions.append(Caption(x=round(left + width / 2, 1), y=y - 4, text=high - low, anchor="middle"))
        if not last:
            level = axis.y(high)
            strokes.append(Stroke(points=f"{left},{level} {round(left + room + width, 1)},{level}", style="grid step"))
    return Chart(
        name=name,
        title=title,
        heads=[heading, counted],
        rows=[*([step.words, step.value] for step in steps), [TOTAL, levels[-1]]] if steps else [],
        hrefs=[step.href for step in steps],
        blocks=blocks,
        strokes=[*axis.grid, *strokes],
        captions=[*axis.numbers, *captions, *named_columns(words, lines=2)],
        note=note,
    )
