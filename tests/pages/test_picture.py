"""The geometry of a case's picture: where on the axis of working time what is drawn."""

from datetime import datetime
from typing import Any

from tests.domain.cases import (
    ANH,
    BINH,
    completed,
    forwarded,
    given,
    moment,
    received,
    step,
    submitted,
    supplement_received,
    supplement_requested,
)
from tests.domain.product import asked
from tests.domain.rules_for_tests import RULES

from tiendo_domain.timeline_types import Party
from tiendo_query.pages.case.picture import LABEL_WIDTH, MARGIN, TICKS_MAX, WIDTH, Bar, Picture, picture_of

RIGHT = WIDTH - MARGIN
SOON = 0.11
"""Places are rounded to a tenth."""


def shown(party: Party) -> str:
    return party.id or party.name or party.kind


def drawn(*events: dict[str, Any], at: str = "12-31 17:00") -> Picture:
    """The picture of the case at an instant."""
    timeline = asked(given(*events).log, RULES, as_of=moment(at))
    picture = picture_of(timeline, shown, lambda party: party.position or "")
    assert picture is not None
    return picture


def bars(picture: Picture) -> dict[str, list[Bar]]:
    return {lane.label: list(lane.bars) for lane in picture.lanes}


def at(picture: Picture, kind: str) -> float:
    return next(due.x for due in picture.dues if due.kind == kind)


def test_a_case_that_nobody_has_held_has_no_picture() -> None:
    timeline = asked(given(submitted("08-15 08:00")).log, RULES, as_of=moment("08-16 08:00"))
    assert picture_of(timeline, shown, shown) is None


def test_bars_follow_one_another_without_a_gap_over_the_whole_axis() -> None:
    picture = drawn(received("08-15 08:00", ANH), forwarded("08-15 10:00", BINH), completed("08-16 08:00"))
    (first,), (second,) = bars(picture)["A"], bars(picture)["B"]
    assert first.x == LABEL_WIDTH
    assert abs(first.x + first.width - second.x) < SOON
    assert abs(second.x + second.width - RIGHT) < SOON


def test_nights_and_weekends_have_no_width() -> None:
    picture = drawn(received("08-19 16:00", ANH), forwarded("08-22 08:00", BINH), completed("08-22 09:00"))
    (first,), (second,) = bars(picture)["A"], bars(picture)["B"]
    assert abs(first.width - 2 * second.width) < SOON


def test_a_party_has_one_lane_with_all_its_holds() -> None:
    picture = drawn(
        received("08-15 08:00", ANH), forwarded("08-15 09:00", BINH), forwarded("08-15 10:00", ANH), at="08-15 11:00"
    )
    assert [(lane.label, lane.detail, len(lane.bars)) for lane in picture.lanes] == [
        ("A", "Chuyên viên", 2),
        ("B", "Phó phòng", 1),
    ]
    assert picture.lanes[0].y < picture.lanes[1].y < picture.axis_y < picture.height


def test_the_overrun_is_the_end_of_a_bar_in_its_proportion() -> None:
    picture = drawn(received("08-15 08:00", ANH, step=step("s", 30)), completed("08-15 10:00"))
    (bar,) = bars(picture)["A"]
    assert abs(bar.over_width / bar.width - 90 / 120) < 0.01
    assert bar.title == "08:00 15/08/2022 – 10:00 15/08/2022 · Bước s · 120 phút (2 giờ) · vượt 90 phút (1 giờ 30 phút)"


def test_in_a_pause_nothing_overruns() -> None:
    picture = drawn(
        received("08-15 08:00", ANH, step=step("s", 30)),
        supplement_requested("08-15 08:20"),
        supplement_received("08-15 10:00", ANH),
        at="08-15 10:10",
    )
    (pause,) = bars(picture)["applicant"]
    assert (pause.kind, pause.over_width) == ("paused", 0)


def test_a_hold_without_working_time_can_still_be_seen() -> None:
    picture = drawn(received("08-15 18:00", ANH), forwarded("08-15 20:00", BINH), at="08-17 08:00")
    (bar,) = bars(picture)["A"]
    assert bar.width > 0


def test_a_due_after_the_end_lies_within_the_picture() -> None:
    picture = drawn(received("08-15 08:00", ANH, due_at="08-17 17:00"), completed("08-16 08:00"))
    (bar,) = bars(picture)["A"]
    assert bar.x + bar.width < at(picture, "judged") <= RIGHT


def test_the_stated_due_is_drawn_only_where_another_one_is_judged_by() -> None:
    same = drawn(received("08-15 08:00", ANH, due_at="08-17 17:00"), at="08-18 08:00")
    assert [due.kind for due in same.dues] == ["judged"]
    moved = drawn(
        received("08-15 08:00", ANH, due_at="08-17 17:00"),
        supplement_requested("08-15 09:00"),
        supplement_received("08-16 09:00", ANH),
        at="08-18 08:00",
    )
    assert [due.kind for due in moved.dues] == ["stated", "judged"]
    assert at(moved, "stated") < at(moved, "judged")


def test_few_working_days_are_marked_however_long_the_case() -> None:
    picture = drawn(received("01-04 08:00", ANH), at="12-30 17:00")
    assert 1 < len(picture.days) <= TICKS_MAX
    assert all(_is_weekday(day.label) for day in picture.days)
    assert [day.x for day in picture.days] == sorted(day.x for day in picture.days)


def _is_weekday(label: str) -> bool:
    return datetime.strptime(f"{label}/2022 +0000", "%d/%m/%Y %z").isoweekday() <= 5
