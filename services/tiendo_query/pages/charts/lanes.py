"""Lanes: who or what, over time."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.pages.charts.drawing import RIGHT, WIDTH, Block, Caption, Chart, Legend, Shown, Stroke, width_of
from tiendo_query.pages.showing import Said

LANES_MAX: Final = 60
BLOCKS_MAX: Final = 400
"""Of more spans those that lie closest together are drawn as one, so that no picture is too large for its page."""
_LEFT: Final = 190
_TOP: Final = 26
_LANE: Final = 30
_THICK: Final = 18
_LEAST: Final = 2.0

TICK: Final = "tick"
"""The style of the mark of a day."""
_Place = Callable[[int], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSpan:
    """A stretch [start, end) of a lane, on whatever coordinate the axis has; `kind` is its number in the legend."""

    start: int
    end: int
    kind: int = 0
    title: Said = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeLane:
    """One lane."""

    words: Said
    spans: Sequence[LaneSpan]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMark:
    """A place on the axis with its words: a day, or with `style` "due" a due."""

    at: int
    words: Said
    style: str = TICK


def time_lanes(
    name: str,
    title: Said,
    lanes: Sequence[TimeLane],
    marks: Sequence[TimeMark],
    kinds: Sequence[tuple[str, Said]],
    *,
    heads: Sequence[Said],
    rows: Sequence[Sequence[Shown]],
    note: Said = "",
) -> Chart:
    """At most `LANES_MAX` lanes below one another; `kinds` are the style and the words of each kind of span, `rows` the table behind it."""
    shown = lanes[:LANES_MAX]
    places = [mark.at for mark in marks] + [
        end for lane in shown for span in lane.spans for end in (span.start, span.end)
    ]
    least, most = min(places, default=0), max(places, default=1)
    height = _TOP + len(shown) * _LANE + 8

    def x(at: int) -> float:
        return round(_LEFT + (at - least) / max(1, most - least) * (WIDTH - _LEFT - RIGHT), 1)

    blocks = [
        Block(
            x=x(span.start),
            y=_TOP + number * _LANE + (_LANE - _THICK) / 2,
            width=max(_LEAST, round(x(span.end) - x(span.start), 1)),
            height=_THICK,
            style=kinds[span.kind][0],
            title=span.title,
        )
        for number, spans in enumerate(_drawn(shown, x))
        for span in spans
    ]
    captions = [
        Caption(x=0, y=_TOP + number * _LANE + _LANE / 2 + 4, text=lane.words, style="lane")
        for number, lane in enumerate(shown)
    ]
    captions += _named(marks, x)
    strokes = [
        Stroke(points=f"{x(mark.at)},{_TOP - 6} {x(mark.at)},{height - 4}", style=f"grid {mark.style}")
        for mark in marks
    ]
    legend = [Legend(style=style, words=words) for style, words in kinds]
    return Chart(
        name=name,
        title=title,
        heads=heads,
        rows=rows,
        blocks=blocks,
        strokes=strokes,
        captions=captions,
        legend=legend,
        note=note,
        height=height,
    )


def _drawn(lanes: Sequence[TimeLane], x: _Place) -> Sequence[Sequence[LaneSpan]]:
    """What is drawn of each lane: its spans, or of too many those together that are the least apart."""
    drawn: Sequence[Sequence[LaneSpan]] = [lane.spans for lane in lanes]
    apart = 1
    while sum(map(len, drawn)) > BLOCKS_MAX and apart < WIDTH:
        drawn = [list(_closed_up(lane.spans, x, apart)) for lane in lanes]
        apart *= 2
    return drawn


def _closed_up(spans: Sequence[LaneSpan], x: _Place, apart: int) -> Iterator[LaneSpan]:
    """The spans of each kind, those of them as one that are drawn less than so far apart; kinds in their order."""
    by_kind: dict[int, list[LaneSpan]] = defaultdict(list)
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        by_kind[span.kind].append(span)
    for kind in sorted(by_kind):
        first, *others = by_kind[kind]
        together, end = [first], first.end
        for span in others:
            if x(span.start) - x(end) >= apart:
                yield _one_of(together, end)
                together = []
            end = max(end, span.end) if together else span.end
            together.append(span)
        yield _one_of(together, end)


def _one_of(together: Sequence[LaneSpan], end: int) -> LaneSpan:
    first, count = together[0], len(together)
    title = Words(vi=f"{count} khoảng sát nhau", en=f"{count} stretches close together")
    return first if count == 1 else LaneSpan(start=first.start, end=end, kind=first.kind, title=title)


def _named(marks: Sequence[TimeMark], x: _Place) -> Iterator[Caption]:
    """The words of the marks, dues before days, but of those that would cover one another the first alone."""
    taken: list[tuple[float, float]] = []
    for mark in sorted(marks, key=lambda one: (one.style == TICK, one.at)):
        at, width, anchor = x(mark.at), width_of(mark.words), _anchor(x(mark.at))
        begin = at - {"start": 0.0, "middle": width / 2, "end": width}[anchor]
        if all(begin + width <= start or end <= begin for start, end in taken):
            taken.append((begin, begin + width))
            yield Caption(x=at, y=_TOP - 10, text=mark.words, anchor=anchor, style=mark.style)


def _anchor(x: float) -> str:
    return "end" if x > WIDTH - RIGHT - 60 else "start" if x < _LEFT + 60 else "middle"
