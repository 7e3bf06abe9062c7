"""The pages of units and of the flow: earlier periods as at the instant looked at, every handover, and a course of any length."""

import re
from datetime import date
from itertools import pairwise

import pytest
from tests.pages.reading import page_of
from tests.query.serving import Asked

from tiendo_query.answering import breakdowns
from tiendo_query.breakdowns.daily_course import daily_course

SEPTEMBER = {"from": "2022-09-01", "to": "2022-09-30"}
STRETCHES_MAX = 232


async def test_the_period_before_is_shown_as_at_the_instant_looked_at(served: Asked) -> None:
    for as_of, resolved in (({}, "1"), ({"as_of": "2022-08-16T12:00:00+07:00"}, "0")):
        html = await page_of(served, "/units/H34.20", **SEPTEMBER, **as_of)
        assert re.findall(r"kỳ trước: (\d+)<", html)[0] == resolved


async def test_a_unit_shows_its_handovers_however_many_others_there_are(
    served: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breakdowns, "HANDOVERS_MAX", 1)
    assert "Không có lượt chuyển nào." not in await page_of(served, "/units/H34.20.1")
    assert re.search(r"Lượt chuyển <small>3</small>", await page_of(served, "/flows"))


@pytest.mark.parametrize(
    ("first", "last", "lengths"),
    [
        (date(2022, 8, 1), date(2022, 8, 31), {1}),
        (date(2022, 8, 1), date(2023, 7, 30), {7}),
        (date(2019, 1, 1), date(2022, 12, 31), {28, 29, 30, 31}),
        (date(1970, 1, 1), date(2199, 12, 31), {365, 366}),
    ],
)
def test_a_course_has_no_gap_and_never_too_many_stretches(first: date, last: date, lengths: set[int]) -> None:
    stretches = daily_course({}, first, last).stretches
    assert len(stretches) <= STRETCHES_MAX
    assert (stretches[0].first, stretches[-1].last) == (first, last)
    assert all((after.first - before.last).days == 1 for before, after in pairwise(stretches))
    assert {(one.last - one.first).days + 1 for one in stretches} <= lengths
