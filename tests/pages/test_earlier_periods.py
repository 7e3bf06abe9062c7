"""Periods that a period is compared with."""

from datetime import date

import pytest

from tiendo_query.pages.unit.earlier_periods import period_before, year_before


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        (date(2022, 3, 1), date(2022, 3, 31), (date(2022, 2, 1), date(2022, 2, 28))),
        (date(2022, 1, 1), date(2022, 8, 31), (date(2021, 5, 1), date(2021, 12, 31))),
        (date(2022, 1, 1), date(2022, 12, 31), (date(2021, 1, 1), date(2021, 12, 31))),
        (date(2022, 8, 8), date(2022, 8, 14), (date(2022, 8, 1), date(2022, 8, 7))),
        (date(2022, 8, 1), date(2022, 8, 25), (date(2022, 7, 7), date(2022, 7, 31))),
    ],
)
def test_the_period_before_has_as_many_months_or_days(start: date, end: date, before: tuple[date, date]) -> None:
    assert period_before(start, end) == before


def test_the_year_before_has_the_same_days_and_february_its_last() -> None:
    assert year_before(date(2022, 1, 1), date(2022, 8, 25)) == (date(2021, 1, 1), date(2021, 8, 25))
    assert year_before(date(2024, 2, 1), date(2024, 2, 29)) == (date(2023, 2, 1), date(2023, 2, 28))
    assert year_before(date(2025, 2, 1), date(2025, 2, 28)) == (date(2024, 2, 1), date(2024, 2, 29))
