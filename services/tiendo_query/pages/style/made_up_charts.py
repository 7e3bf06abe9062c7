"""One picture of each kind, of made-up figures."""

from collections.abc import Sequence
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.pages.charts import (
    Chart,
    ChartColumn,
    Curve,
    LaneSpan,
    TimeLane,
    TimeMark,
    WaterfallStep,
    columns,
    curves,
    distribution,
    heat_map,
    time_lanes,
    waterfall,
)
from tiendo_query.pages.charts.drawing import Shown

_MONTHS: Final = tuple(f"{month:02}/2022" for month in range(1, 9))
_MONTH: Final = Words(vi="Tháng", en="Month")
_ON_TIME: Final = Words(vi="đúng hạn", en="on time")
_LATE: Final = Words(vi="quá hạn", en="overdue")
_CASES: Final = Words(vi="Hồ sơ", en="Cases")
_MINUTES: Final = Words(vi="Phút làm việc", en="Working minutes")
_HOUR: Final = Words(vi="Giờ", en="Hour")
_DAYS: Final = ("Hai", "Ba", "Tư", "Năm", "Sáu")
_OFFICER: Final = Words(vi="công chức giữ", en="held by an officer")
_PAUSED: Final = Words(vi="tạm dừng", en="paused")


def made_up_charts() -> Sequence[Chart]:
    """The pictures."""
    return [_over_time(), _curves(), _distribution(), _heat_map(), _waterfall(), _lanes()]


def _over_time() -> Chart:
    found = [ChartColumn(words=month, parts=(180 + 9 * at, 20 + at * at)) for at, month in enumerate(_MONTHS)]
    title = Words(vi="Hồ sơ theo tháng", en="Cases by month")
    return columns("by-month", title, found, [_ON_TIME, _LATE], heading=_MONTH)


def _curves() -> Chart:
    found = [
        Curve(words=_ON_TIME, values=[180, 190, 185, None, 200, 210, 190, 230]),
        Curve(words=_LATE, values=[40, 35, 52, 60, 44, 30, 28, 25]),
    ]
    return curves("curves", Words(vi="Diễn biến", en="Over time"), _MONTHS, found, heading=_MONTH)


def _distribution() -> Chart:
    bins = [
        ChartColumn(words=f"{low}–{low + 60}", parts=(count,))
        for low, count in zip(range(0, 480, 60), (14, 22, 31, 18, 9, 4, 2, 1), strict=True)
    ]
    title = Words(vi="Thời gian giữ ở cùng một bước", en="Time held in the same step")
    return distribution(
        "peers", title, bins, _CASES, heading=_MINUTES, marked=3, mark=Words(vi="đang xem", en="looked at")
    )


def _heat_map() -> Chart:
    hours = [str(hour) for hour in range(7, 18)]
    values = [[max(0, (day * 7 + hour * 5) % 23 - 3) for hour in range(len(hours))] for day in range(len(_DAYS))]
    title = Words(vi="Giờ tiếp nhận trong tuần", en="When cases are received")
    return heat_map("week", title, _DAYS, hours, values, heading=_HOUR)


def _waterfall() -> Chart:
    steps = [
        WaterfallStep(words=Words(vi="Công chức", en="Officers"), value=5_400),
        WaterfallStep(words=Words(vi="Hàng chờ", en="Queue"), value=2_200),
        WaterfallStep(words=Words(vi="Xin ý kiến", en="Consulted"), value=1_900),
        WaterfallStep(words=Words(vi="Đã chuyển", en="Moved"), value=-1_300),
    ]
    title = Words(vi="Phút chậm theo nguyên nhân", en="Lateness by cause")
    return waterfall("causes", title, steps, heading=Words(vi="Nguyên nhân", en="Cause"), counted=_MINUTES)


def _lanes() -> Chart:
    lanes = [
        TimeLane(words="Bộ phận một cửa", spans=[LaneSpan(start=0, end=240)]),
        TimeLane(words="Phòng Chuyên môn", spans=[LaneSpan(start=240, end=700), LaneSpan(start=700, end=900, kind=1)]),
        TimeLane(words="Lãnh đạo", spans=[LaneSpan(start=900, end=1_200)]),
    ]
    marks = [
        TimeMark(at=0, words="15/08"),
        TimeMark(at=480, words="16/08"),
        TimeMark(at=1_000, words=Words(vi="hạn", en="due"), style="due"),
    ]
    rows: list[list[Shown]] = [["Bộ phận một cửa", 240], ["Phòng Chuyên môn", 660], ["Lãnh đạo", 300]]
    heads = [Words(vi="Bên giữ", en="Holder"), _MINUTES]
    kinds = [("series-1", _OFFICER), ("series-5", _PAUSED)]
    return time_lanes(
        "lanes", Words(vi="Ai giữ hồ sơ", en="Who held the case"), lanes, marks, kinds, heads=heads, rows=rows
    )
