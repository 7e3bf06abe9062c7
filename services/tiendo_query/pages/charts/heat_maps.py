"""Heat maps: how much falls on which weekday and hour, or any other two things."""

from collections.abc import Sequence
from typing import Final

from tiendo_query.pages.charts.drawing import WIDTH, Block, Caption, Chart
from tiendo_query.pages.showing import Said

_LEFT: Final = 110
_TOP: Final = 24
_ROW: Final = 26
_SHADES: Final = 6
_NUMBER_WIDTH_MIN: Final = 26


def heat_map(
    name: str,
    title: Said,
    rows: Sequence[Said],
    heads: Sequence[Said],
    values: Sequence[Sequence[int]],
    *,
    heading: Said,
    note: Said = "",
) -> Chart:
    """A field for each row and column, the darker the more, its number in it where there is room; `heading` is what the rows are."""
    most = max((value for line in values for value in line), default=0)
    width = round((WIDTH - _LEFT) / max(1, len(heads)), 1)
    blocks, captions = list[Block](), list[Caption]()
    for number, line in enumerate(values):
        y = _TOP + number * _ROW
        captions.append(Caption(x=_LEFT - 8, y=y + 17, text=rows[number], anchor="end", style="tick"))
        for place, value in enumerate(line):
            x, shade = round(_LEFT + place * width, 1), _shade(value, most)
            blocks.append(Block(x=x, y=y, width=width - 1, height=_ROW - 1, style=f"shade-{shade}"))
            if value and width >= _NUMBER_WIDTH_MIN:
                style = "on-dark" if shade > _SHADES // 2 else "on-light"
                captions.append(Caption(x=round(x + width / 2, 1), y=y + 17, text=value, anchor="middle", style=style))
    captions += [
        Caption(x=round(_LEFT + (place + 0.5) * width, 1), y=_TOP - 7, text=head, anchor="middle", style="tick")
        for place, head in enumerate(heads)
    ]
    return Chart(
        name=name,
        title=title,
        heads=[heading, *heads],
        rows=[[row, *line] for row, line in zip(rows, values, strict=True)],
        blocks=blocks,
        captions=captions,
        note=note,
        height=_TOP + len(rows) * _ROW + 4,
    )


def _shade(value: int, most: int) -> int:
    """0 for nothing, else 1 to `_SHADES` in equal steps."""
    return 0 if value <= 0 else max(1, -(-value * _SHADES // most))
