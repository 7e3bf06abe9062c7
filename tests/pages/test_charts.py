"""Pictures of figures: what is drawn is in proportion to the figures, and the figures stand behind it."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from tiendo_query.pages.charts import (
    ChartColumn,
    Curve,
    LaneSpan,
    TimeLane,
    WaterfallStep,
    columns,
    curves,
    distribution,
    heat_map,
    time_lanes,
    waterfall,
)
from tiendo_query.pages.charts.drawing import BOTTOM, HEIGHT, RIGHT, TICKS_MAX, TOP, WIDTH, Axis, step_of
from tiendo_query.pages.charts.lanes import BLOCKS_MAX

_FIGURES = st.integers(min_value=0, max_value=10**9)
_DRAWN_TO = 0.2
"""Places are rounded to tenths."""


@given(st.lists(st.tuples(_FIGURES, _FIGURES), min_size=1, max_size=24))
def test_columns_are_as_high_as_their_figures(found: list[tuple[int, int]]) -> None:
    chart = columns(
        "c", "t", [ChartColumn(words=str(at), parts=parts) for at, parts in enumerate(found)], ["a", "b"], heading="m"
    )
    most = Axis.over([sum(parts) for parts in found]).most
    drawn = [block.height for block in chart.blocks]
    figures = [part for parts in found for part in parts]
    for height, figure in zip(drawn, figures, strict=True):
        assert abs(height - figure / most * (HEIGHT - TOP - BOTTOM)) <= _DRAWN_TO
    assert [row[1:] for row in chart.rows] == [list(parts) for parts in found]


@given(st.lists(st.integers(min_value=-(10**6), max_value=10**6), min_size=1, max_size=8))
def test_a_waterfall_comes_to_the_sum_of_its_steps(values: list[int]) -> None:
    chart = waterfall("w", "t", [WaterfallStep(words="s", value=one) for one in values], heading="h", counted="m")
    assert chart.rows[-1][-1] == sum(values)
    levels = [sum(values[:at]) for at in range(len(values) + 1)]
    axis = Axis.over(levels)
    for block, (low, high) in zip(chart.blocks, [*itertools.pairwise(levels), (0, levels[-1])], strict=True):
        assert (block.y, round(block.y + block.height, 1)) == (axis.y(max(low, high)), axis.y(min(low, high)))


@given(st.integers(min_value=0, max_value=10**12))
def test_an_axis_has_few_round_steps(room: int) -> None:
    step = step_of(room)
    assert room <= step * TICKS_MAX
    assert str(step).rstrip("0") in {"1", "2", "5"}
    assert step == 1 or room > step * TICKS_MAX / 3


def test_a_distribution_marks_the_bin_that_is_looked_at_and_no_other() -> None:
    bins = [ChartColumn(words=str(at), parts=(at,)) for at in range(5)]
    chart = distribution("d", "t", bins, "n", heading="h", marked=2, mark="here")
    assert [at for at, block in enumerate(chart.blocks) if block.style == "series-6"] == [2]
    assert sum(caption.text == "here" for caption in chart.captions) == 1


def test_a_curve_is_interrupted_where_a_value_is_missing() -> None:
    chart = curves("c", "t", ["1", "2", "3", "4"], [Curve(words="a", values=[1, None, 0, 4])], heading="h")
    drawn = [stroke.points.count(",") for stroke in chart.strokes if stroke.style.startswith("curve")]
    assert drawn == [1, 2]
    assert [row[1] for row in chart.rows] == [1, "", 0, 4]


def test_the_darkest_field_of_a_heat_map_has_the_most_and_nothing_has_no_shade() -> None:
    chart = heat_map("h", "t", ["a", "b"], ["x", "y"], [[0, 5], [10, 1]], heading="h")
    assert [block.style for block in chart.blocks] == ["shade-0", "shade-3", "shade-6", "shade-1"]


@settings(max_examples=12)
@given(st.integers(min_value=1, max_value=6_000))
def test_lanes_draw_every_span_in_a_block_of_its_kind_and_never_too_many_blocks(count: int) -> None:
    spans = [
        LaneSpan(start=at * 99_991 % 1_000_000, end=at * 99_991 % 1_000_000 + 300, kind=at % 2) for at in range(count)
    ]
    lanes = [TimeLane(words="a", spans=spans[::3]), TimeLane(words="b", spans=spans[1::3])]
    chart = time_lanes("n", "t", lanes, [], (("s0", "w"), ("s1", "o")), heads=("h",), rows=[["r"]])
    drawn = [one for lane in lanes for one in lane.spans]
    assert len(chart.blocks) <= BLOCKS_MAX
    assert len(chart.blocks) == len(drawn) or len(drawn) > BLOCKS_MAX
    least, most = min(one.start for one in drawn), max(one.end for one in drawn)
    left = min(block.x for block in chart.blocks)
    right = WIDTH - RIGHT
    for lane, y in zip(lanes, sorted({block.y for block in chart.blocks}), strict=False):
        for span in lane.spans:
            x = left + (span.start - least) / (most - least) * (right - left)
            found = [one for one in chart.blocks if (one.y, one.style) == (y, f"s{span.kind}")]
            assert any(one.x - _DRAWN_TO <= x <= one.x + one.width + _DRAWN_TO for one in found)
