"""Curves over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiendo_query.pages.charts.drawing import (
    SERIES_MAX,
    Axis,
    Chart,
    Legend,
    Stroke,
    named_columns,
    series_style,
    spread,
)
from tiendo_query.pages.showing import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A figure over time, one value for each place on the time axis; None where there is none."""

    words: Said
    values: Sequence[int | None]


def curves(
    name: str, title: Said, times: Sequence[Said], found: Sequence[Curve], *, heading: Said, note: Said = ""
) -> Chart:
    """At most `SERIES_MAX` curves over the same times; a value that is missing interrupts its curve."""
    shown = found[:SERIES_MAX]
    axis = Axis.over([value for one in shown for value in one.values if value is not None])
    middles = [round(x + width / 2, 1) for x, width in spread(len(times))]
    strokes = [
        Stroke(points=" ".join(part), style=f"curve {series_style(number)}")
        for number, one in enumerate(shown)
        for part in _parts(one, middles, axis)
    ]
    return Chart(
        name=name,
        title=title,
        heads=[heading, *(one.words for one in shown)],
        rows=[
            [time, *("" if one.values[at] is None else one.values[at] or 0 for one in shown)]
            for at, time in enumerate(times)
        ],
        strokes=[*axis.grid, *strokes],
        captions=[*axis.numbers, *named_columns(times)],
        legend=[Legend(style=series_style(number), words=one.words) for number, one in enumerate(shown)],
        note=note,
    )


def _parts(curve: Curve, middles: Sequence[float], axis: Axis) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for x, value in zip(middles, curve.values, strict=True):
        if value is None:
            parts.append([])
        else:
            parts[-1].append(f"{x},{axis.y(value)}")
    return [part for part in parts if part]
