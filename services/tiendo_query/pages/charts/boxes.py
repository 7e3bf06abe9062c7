"""Quartiles of several distributions below one another, each beside what it is measured against."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.pages.charts.drawing import RIGHT, WIDTH, Block, Caption, Chart, Legend, Shown, Stroke, step_of
from tiendo_query.pages.showing import Said

BOXES_MAX: Final = 20
_LEFT: Final = 200
_TOP: Final = 28
_LANE: Final = 34
_THICK: Final = 16
_LEAST: Final = 2.0
QUARTILES: Final = Words(
    vi="một nửa số hồ sơ ở giữa (từ 25 % đến 75 %)", en="the middle half of the cases (25 % to 75 %)"
)
MEDIAN: Final = Words(vi="trung vị", en="median")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A distribution: a quarter, a half and three quarters of it lie at most so far; `norm` is what it is measured against, `own` one value in it."""

    words: Said
    first: int
    median: int
    third: int
    norm: int | None = None
    own: int | None = None


def boxes(
    name: str,
    title: Said,
    found: Sequence[Box],
    *,
    norm: Said,
    heads: Sequence[Said],
    rows: Sequence[Sequence[Shown]],
    hrefs: Sequence[str | None] = (),
    own: Said = "",
    note: Said = "",
) -> Chart:
    """At most `BOXES_MAX` boxes on one axis from 0; `norm` and `own` say what the marks are, `rows` is the table behind."""
    shown = found[:BOXES_MAX]
    most = max((value for one in shown for value in (one.third, one.norm or 0, one.own or 0)), default=0)
    step = step_of(most)
    end = max(step, -(-most // step) * step)

    def x(value: int) -> float:
        return round(_LEFT + value / end * (WIDTH - _LEFT - RIGHT - 24), 1)

    height = _TOP + len(shown) * _LANE + 6
    blocks, strokes, captions = list[Block](), list[Stroke](), list[Caption]()
    for tick in range(0, end + 1, step):
        strokes.append(Stroke(points=f"{x(tick)},{_TOP - 6} {x(tick)},{height - 4}", style="grid"))
        captions.append(Caption(x=x(tick), y=_TOP - 12, text=tick, anchor="middle", style="tick"))
    for number, one in enumerate(shown):
        y = _TOP + number * _LANE + 6
        captions.append(Caption(x=_LEFT - 8, y=y + 12, text=one.words, anchor="end"))
        width = max(_LEAST, x(one.third) - x(one.first))
        blocks.append(
            Block(x=x(one.first), y=y, width=round(width, 1), height=_THICK, style="series-5", title=one.words)
        )
        blocks.append(Block(x=x(one.median) - 1, y=y - 2, width=3, height=_THICK + 4, style="series-1"))
        if one.norm is not None:
            blocks.append(Block(x=x(one.norm) - 1, y=y - 5, width=2, height=_THICK + 10, style="series-6"))
        if one.own is not None:
            blocks.append(Block(x=x(one.own) - 4, y=y + 4, width=8, height=8, style="series-4"))
    legend = [Legend(style="series-5", words=QUARTILES), Legend(style="series-1", words=MEDIAN)]
    if any(one.norm is not None for one in shown):
        legend.append(Legend(style="series-6", words=norm))
    if any(one.own is not None for one in shown):
        legend.append(Legend(style="series-4", words=own))
    return Chart(
        name=name,
        title=title,
        heads=heads,
        rows=rows,
        hrefs=hrefs,
        blocks=blocks,
        strokes=strokes,
        captions=captions,
        legend=legend,
        note=note,
        height=height,
    )
