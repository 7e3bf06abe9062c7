"""The simulation's calendar, made apart from the product's, says the same."""

import random
from datetime import date, datetime, timedelta

import pytest

from tiendo_contracts.directory.public_holidays import public_holidays_of
from tiendo_domain.calendar import WorkingCalendar, WorkingTime
from tiendo_domain.rules.calendars import DEFAULT_SESSIONS
from tiendo_simulation.minute_calendar import DAY, END_DAY, FIRST_DAY, instant_text, minute_of, office_calendar

OFFICE = office_calendar()
PRODUCT = WorkingCalendar(
    WorkingTime(
        zone_name="Asia/Ho_Chi_Minh",
        sessions=frozenset(DEFAULT_SESSIONS),
        days_off=public_holidays_of("VN").days_off,
        make_up_days=public_holidays_of("VN").make_up_days,
    ),
    "vn/1",
)


def instant(minute: int) -> datetime:
    return datetime.fromisoformat(instant_text(minute))


def test_every_day_has_the_same_working_minutes_as_in_the_product() -> None:
    for number in range((END_DAY - FIRST_DAY).days - 1):
        start, end = number * DAY, (number + 1) * DAY
        assert OFFICE.count(start, end) == PRODUCT.working_minutes(instant(start), instant(end)), instant(start)


@pytest.mark.parametrize(
    "day", ["2022-01-03", "2022-01-31", "2022-02-04", "2022-04-11", "2022-05-02", "2022-05-03", "2022-09-01"]
)
def test_holidays_and_their_observed_days_are_off(day: str) -> None:
    assert not OFFICE.works_on(minute_of(date.fromisoformat(day)))


def test_counting_and_walking_agree_with_the_product_between_any_minutes() -> None:
    rng = random.Random(7)
    for _ in range(500):
        start = rng.randrange(500 * DAY)
        end = start + rng.randrange(60 * DAY)
        assert OFFICE.count(start, end) == PRODUCT.working_minutes(instant(start), instant(end))
        minutes = rng.randrange(9_000)
        assert instant(OFFICE.after(start, minutes)) == PRODUCT.due(instant(start), minutes)


def test_a_due_at_the_end_of_the_day_is_reached_the_same_day() -> None:
    start = minute_of(date(2022, 8, 15), 15 * 60)
    assert OFFICE.after(start, 120) == start + 120
    assert OFFICE.after(start, 121) == start + 120 + 14 * 60 + 1
    assert OFFICE.after(start, 0) == start


def test_instants_are_written_in_the_time_of_viet_nam() -> None:
    assert instant_text(minute_of(date(2022, 8, 15), 8 * 60 + 5), 7) == "2022-08-15T08:05:07+07:00"
    assert instant(0) + timedelta(minutes=1) == instant(1)
