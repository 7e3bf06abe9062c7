"""How numbers are written."""

import pytest

from tiendo_query.pages.showing import moment, number, percent


@pytest.mark.parametrize(("value", "shown"), [(None, "–"), (0, "0"), (1234, "1.234"), (-7980, "−7.980")])
def test_thousands_are_divided_by_points(value: int | None, shown: str) -> None:
    assert number(value) == shown


@pytest.mark.parametrize(
    ("ratio", "shown"),
    [(None, "–"), (1.0, "100,0 %"), (0.0, "0,0 %"), (0.8820449, "88,2 %"), (0.99999, "99,9 %"), (0.0001, "0,1 %")],
)
def test_a_ratio_is_never_rounded_to_all_or_none(ratio: float | None, shown: str) -> None:
    assert percent(ratio) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [(None, "–"), ("2022-08-25T17:00:00+07:00", "17:00 25/08/2022"), ("2022-08-25t17:00:00z", "17:00 25/08/2022")],
)
def test_a_moment_is_told_by_its_own_clock(text: str | None, shown: str) -> None:
    assert moment(text) == shown
