"""Amounts of working time and numbers, as people read them in either language."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo_contracts.explanation.durations import days_and_hours, in_words, number_in_words
from tiendo_contracts.problems.problem_kinds import Language


@pytest.mark.parametrize(
    ("minutes", "en", "vi"),
    [
        (0, "0 minutes", "0 phút"),
        (1, "1 minute", "1 phút"),
        (59, "59 minutes", "59 phút"),
        (60, "60 minutes (1 h)", "60 phút (1 giờ)"),
        (135, "135 minutes (2 h 15 min)", "135 phút (2 giờ 15 phút)"),
        (480, "480 minutes (1 day)", "480 phút (1 ngày)"),
        (540, "540 minutes (1 day 1 h)", "540 phút (1 ngày 1 giờ)"),
        (1_000, "1,000 minutes (2 days 40 min)", "1.000 phút (2 ngày 40 phút)"),
        (1_234_567, "1,234,567 minutes (2,572 days 7 min)", "1.234.567 phút (2.572 ngày 7 phút)"),
        (-5, "−5 minutes", "−5 phút"),
        (-1_080, "−1,080 minutes (−2 days 2 h)", "−1.080 phút (−2 ngày 2 giờ)"),
    ],
)
def test_working_days_of_eight_hours_stand_beside_the_minutes(minutes: int, en: str, vi: str) -> None:
    assert in_words(minutes, Language.ENGLISH) == en
    assert in_words(minutes, Language.VIETNAMESE) == vi


@given(st.integers(min_value=-(10**9), max_value=10**9))
def test_days_hours_and_minutes_are_the_same_amount(minutes: int) -> None:
    longer = days_and_hours(minutes)
    if longer is None:
        assert abs(minutes) < 60
        return
    factors = {"ngày": 480, "giờ": 60, "phút": 1}
    words = longer.vi.removeprefix("−").replace(".", "").split()
    total = sum(int(amount) * factors[unit] for amount, unit in zip(words[::2], words[1::2], strict=True))
    assert total == abs(minutes)
    assert longer.vi.startswith("−") == longer.en.startswith("−") == (minutes < 0)


@pytest.mark.parametrize(("number", "vi"), [(999, "999"), (183_854, "183.854"), (-21_686, "−21.686")])
def test_thousands_stand_apart_as_vietnamese_is_written(number: int, vi: str) -> None:
    assert number_in_words(number, Language.VIETNAMESE) == vi
