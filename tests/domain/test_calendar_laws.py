"""Working time as a coordinate against counting minute by minute: additivity, dues, clock changes, holidays (rules T2, T3, T7)."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from tests.domain.product import session
from tests.domain.profile import bounded
from tests.domain.reference.counting import MinuteCalendar, cut
from tests.domain.rules_for_tests import AMSTERDAM, OFFICE, SEASONAL, VIETNAM

from tiendo_contracts.directory.public_holidays import public_holidays_of
from tiendo_domain.calendar import (
    DueOnDayOff,
    OverrideKind,
    Session,
    WorkingCalendar,
    WorkingTime,
    ceil_minute,
    floor_minute,
    minute_of,
)
from tiendo_domain.rules.calendars import DEFAULT_SESSIONS

Plain = dict[str, Any]

ALL_DAY = [{"weekdays": [1, 2, 3, 4, 5, 6, 7], "from": 0, "to": 1_440}]
NIGHTS = [{"weekdays": [1, 3, 6, 7], "from": 0, "to": 211}, {"weekdays": [2, 6], "from": 1_300, "to": 1_440}]


def calendar(zone: str, sessions: list[Plain], **more: Any) -> Plain:
    """A plain calendar."""
    return {"zone": zone, "sessions": sessions, "days_off": [], "overrides": {}} | more


# Zone, and instants around which something happens to its clock or its days.
CALENDARS: list[tuple[Plain, datetime]] = [
    (VIETNAM, datetime(2022, 9, 1, tzinfo=UTC)),
    (SEASONAL, datetime(2022, 8, 31, tzinfo=UTC)),
    (AMSTERDAM, datetime(2022, 10, 30, 1, tzinfo=UTC)),
    (AMSTERDAM, datetime(2022, 3, 27, 1, tzinfo=UTC)),
    (calendar("Europe/Amsterdam", NIGHTS), datetime(2022, 10, 30, 1, tzinfo=UTC)),
    # Forty-five minutes off, and half an hour of summer time.
    (calendar("Asia/Kathmandu", NIGHTS), datetime(1985, 12, 31, 18, 30, tzinfo=UTC)),
    (calendar("Australia/Lord_Howe", ALL_DAY), datetime(2022, 4, 2, 15, tzinfo=UTC)),
    (calendar("Australia/Lord_Howe", NIGHTS), datetime(2022, 10, 1, 15, tzinfo=UTC)),
    # The offset was -0:44:30 until 1972, so that local minutes began in the middle of those of UTC.
    (calendar("Africa/Monrovia", OFFICE), datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)),
    (calendar("Africa/Monrovia", NIGHTS), datetime(1972, 1, 7, 0, 44, 30, tzinfo=UTC)),
    # A whole day that never was.
    (calendar("Pacific/Apia", ALL_DAY), datetime(2011, 12, 30, 10, tzinfo=UTC)),
    (
        calendar("Asia/Ho_Chi_Minh", OFFICE, days_off=[date(2022, 1, 3), date(2021, 12, 31)]),
        datetime(2022, 1, 1, tzinfo=UTC),
    ),
    (
        calendar("Asia/Ho_Chi_Minh", OFFICE, overrides={date(2026, 1, 2): "off", date(2026, 1, 10): "working"}),
        datetime(2026, 1, 6, tzinfo=UTC),
    ),
]
_COUNTED = [MinuteCalendar(plain) for plain, _ in CALENDARS]
_PRODUCT = [
    WorkingCalendar(
        WorkingTime(
            zone_name=plain["zone"],
            sessions=frozenset(session(one) for one in plain["sessions"]),
            days_off=frozenset(plain["days_off"]),
            overrides=frozenset((on, OverrideKind(kind)) for on, kind in plain["overrides"].items()),
        ),
        f"c{number}/1",
    )
    for number, (plain, _) in enumerate(CALENDARS)
]

OFFICE_SESSIONS = frozenset(session(one) for one in VIETNAM["sessions"])

numbers = st.integers(0, len(CALENDARS) - 1)
seconds = st.integers(-6 * 86_400, 6 * 86_400) | st.integers(-7_200, 7_200)


def near(number: int, second: int) -> datetime:
    """An instant near that of the calendar, with an offset of another zone."""
    return (CALENDARS[number][1] + timedelta(seconds=second)).astimezone(UTC)


@bounded(400)
@given(numbers, seconds, seconds)
def test_working_minutes_are_those_that_one_counts(number: int, one: int, other: int) -> None:
    start, end = sorted((near(number, one), near(number, other)))
    assert _PRODUCT[number].working_minutes(start, end) == _COUNTED[number].count(cut(start), cut(end))


@pytest.mark.parametrize("turn_of_year", [2021, 2020, 2018, 1985, 2030])
def test_whatever_year_was_asked_about_first_time_across_a_turn_of_the_year_is_what_one_counts(
    turn_of_year: int,
) -> None:
    counted = MinuteCalendar(VIETNAM)
    for first_asked in (2022, 2019, 1990, 2035):
        product = WorkingCalendar(WorkingTime(zone_name=VIETNAM["zone"], sessions=OFFICE_SESSIONS), "fresh/1")
        start, end = (datetime(turn_of_year + year, month, 12, tzinfo=UTC) for year, month in ((-1, 12), (0, 1)))
        product.coordinate(datetime(first_asked, 6, 1, tzinfo=UTC))
        minutes = counted.count(cut(start), cut(end))
        due = product.due(start, minutes)  # asked first, so that nothing has counted the year in which it lies
        assert product.working_minutes(start, end) == minutes
        assert product.working_minutes(due, end) == 0
        assert due <= end


@bounded(200)
@given(numbers, seconds, seconds, seconds)
def test_working_minutes_add_up(number: int, one: int, two: int, three: int) -> None:
    product = _PRODUCT[number]
    a, b, c = near(number, one), near(number, two), near(number, three)
    assert product.working_minutes(a, b) + product.working_minutes(b, c) == product.working_minutes(a, c)
    assert product.working_minutes(a, b) == -product.working_minutes(b, a)


@bounded(300)
@given(numbers, seconds, st.integers(0, 3_000))
def test_the_coordinate_of_a_due_is_that_of_the_start_and_the_minutes(number: int, second: int, minutes: int) -> None:
    product, start = _PRODUCT[number], floor_minute(near(number, second))
    due = product.due(start, minutes)
    assert product.coordinate(due) == product.coordinate(start) + minutes
    assert due >= start


@bounded(300)
@given(numbers, seconds, st.integers(0, 3_000))
def test_a_due_is_the_earliest_such_instant(number: int, second: int, minutes: int) -> None:
    start = floor_minute(near(number, second))
    assert cut(_PRODUCT[number].due(start, minutes)) == _COUNTED[number].due(cut(start), minutes)


@bounded(200)
@given(numbers, seconds)
def test_a_day_is_a_working_day_when_it_has_a_session(number: int, second: int) -> None:
    product, counted = _PRODUCT[number], _COUNTED[number]
    day = near(number, second).astimezone(product.zone).date()
    assert product.is_working_day(day) == counted.is_working_day(day)
    following = product.next_working_day(day)
    assert product.is_working_day(following)
    assert not any(product.is_working_day(day + timedelta(days=n)) for n in range((following - day).days))


@bounded(200)
@example(44 * 60 + 30, 0)  # the instant at which Monrovia's clocks went on to whole minutes
@example(44 * 60 - 30, 1)
@example(-86_400, 0)  # whole in UTC, and half a minute past by the clocks of Monrovia
@given(seconds, st.integers(0, 999_999))
def test_events_are_cut_and_dues_rounded_up_to_the_same_minutes_in_all_zones(second: int, microsecond: int) -> None:
    for zone in ("Africa/Monrovia", "Asia/Kathmandu", "Europe/Amsterdam"):
        t = (datetime(1972, 1, 7, tzinfo=UTC) + timedelta(seconds=second, microseconds=microsecond)).astimezone(
            WorkingTime(zone_name=zone, sessions=frozenset()).zone
        )
        assert minute_of(floor_minute(t)) == minute_of(t) == cut(t)
        # In UTC: within one zone Python compares what clocks show.
        before, after = floor_minute(t).astimezone(UTC), ceil_minute(t).astimezone(UTC)
        assert before <= t.astimezone(UTC) <= after
        whole = before == t.astimezone(UTC)
        assert after - before == timedelta(minutes=0 if whole else 1)


@pytest.mark.parametrize(
    ("change", "minutes"),
    [(datetime(2022, 3, 26, 23, tzinfo=UTC), 90), (datetime(2022, 10, 29, 22, tzinfo=UTC), 210)],
)
def test_a_session_across_a_clock_change_has_the_minutes_that_passed(change: datetime, minutes: int) -> None:
    # The session of that Sunday runs from 01:30 to 04:00 on the wall: in March an hour is missing, in October one comes twice.
    number = 2
    assert _PRODUCT[number].working_minutes(change, change + timedelta(days=1)) == minutes


def test_holidays_at_both_ends_count_nothing() -> None:
    vietnam, zone = _PRODUCT[0], _PRODUCT[0].zone
    wednesday, friday = datetime(2022, 8, 31, 17, tzinfo=zone), datetime(2022, 9, 2, 17, tzinfo=zone)
    monday = datetime(2022, 9, 5, 7, tzinfo=zone)
    assert vietnam.working_minutes(wednesday, monday) == 0
    assert vietnam.working_minutes(datetime(2022, 9, 1, 9, tzinfo=zone), friday) == 0
    assert vietnam.due(datetime(2022, 9, 1, 9, tzinfo=zone), 1) == monday + timedelta(minutes=1)
    assert vietnam.due(datetime(2022, 8, 31, 16, tzinfo=zone), 60) == wednesday


def test_an_override_makes_a_saturday_work_like_its_own_weekday_or_like_a_monday() -> None:
    product = _PRODUCT[-1]
    saturday = datetime(2026, 1, 10, tzinfo=product.zone)
    friday = datetime(2026, 1, 2, tzinfo=product.zone)
    assert product.working_minutes(saturday, saturday + timedelta(days=1)) == 480
    assert product.working_minutes(friday, friday + timedelta(days=1)) == 0


def vietnamese(*own: Session, country: str = "VN", **overrides: OverrideKind) -> WorkingCalendar:
    """The default calendar with further sessions, and with overrides of dates named as `on_2024_05_04`."""
    public = public_holidays_of(country)
    kinds = {(date.fromisoformat(day.removeprefix("on_").replace("_", "-")), kind) for day, kind in overrides.items()}
    working_time = WorkingTime(
        zone_name="Asia/Ho_Chi_Minh",
        sessions=frozenset({*DEFAULT_SESSIONS, *own}),
        days_off=public.days_off,
        make_up_days=public.make_up_days,
        overrides=frozenset(kinds),
    )
    return WorkingCalendar(working_time, "vn/1")


def minutes_of(calendar: WorkingCalendar, day: date) -> int:
    """The working minutes of a local date."""
    start = datetime.combine(day, time.min, calendar.zone)
    return calendar.working_minutes(start, start + timedelta(days=1))


@pytest.mark.parametrize(
    ("worked", "off"),
    [
        (date(2024, 5, 4), date(2024, 4, 29)),
        (date(2025, 4, 26), date(2025, 5, 2)),
        (date(2026, 8, 22), date(2026, 8, 31)),
    ],
)
def test_a_working_day_swapped_for_a_holiday_has_monday_s_sessions(worked: date, off: date) -> None:
    """Rule T7: the holiday library lists both halves of a swap."""
    product = vietnamese()
    assert worked.isoweekday() in {6, 7}
    assert product.is_working_day(worked)
    assert (minutes_of(product, worked), minutes_of(product, off)) == (480, 0)
    assert minutes_of(product, worked - timedelta(days=7)) == 0
    override = {f"on_{worked:%Y_%m_%d}": OverrideKind.OFF}
    assert minutes_of(vietnamese(**override), worked) == 0


def test_a_make_up_day_has_its_own_sessions_where_it_has_some() -> None:
    saturdays = Session(weekdays=frozenset({6}), from_minute=450, to_minute=690)
    assert minutes_of(vietnamese(saturdays), date(2024, 5, 4)) == 240


@pytest.mark.parametrize(("country", "day"), [("HU", date(2026, 1, 10)), ("CN", date(2026, 10, 10))])
def test_every_country_that_has_swaps_has_make_up_days(country: str, day: date) -> None:
    assert minutes_of(vietnamese(country=country), day) == 480


def test_a_country_without_swaps_has_no_make_up_days() -> None:
    assert public_holidays_of("NL").make_up_days == frozenset()
    assert public_holidays_of("none").days_off == public_holidays_of("none").make_up_days == frozenset()


@bounded(300)
@given(numbers, seconds)
def test_after_the_end_of_the_last_session_a_day_has_no_working_time(number: int, second: int) -> None:
    product, counted = _PRODUCT[number], _COUNTED[number]
    day = near(number, second).astimezone(product.zone).date()
    start, following = (datetime.combine(day + timedelta(days=n), time.min, product.zone) for n in (0, 1))
    end = product.end_of_last_session(day)
    assert end.tzinfo == product.zone
    assert counted.count(cut(end), cut(following)) == 0
    if counted.count(cut(start), cut(following)):
        assert counted.count(cut(end) - 1, cut(end)) == 1
    else:
        assert end == start


def test_the_last_session_of_a_day_ends_where_its_people_go_home() -> None:
    zone = _PRODUCT[0].zone
    assert vietnamese().end_of_last_session(date(2024, 5, 4)) == datetime(2024, 5, 4, 17, tzinfo=zone)
    assert vietnamese().end_of_last_session(date(2024, 5, 5)) == datetime(2024, 5, 5, tzinfo=zone)
    evenings = Session(weekdays=frozenset({7}), from_minute=1_200, to_minute=1_440)
    assert vietnamese(evenings).end_of_last_session(date(2024, 5, 5)) == datetime(2024, 5, 6, tzinfo=zone)


def test_of_a_procedure_in_calendar_days_the_days_off_are_those_of_the_case_s_calendar() -> None:
    """Rule D5: minutes are 24 hours every day, working days those of the calendar of rule T6."""
    days = vietnamese()
    carried = replace(days.working_time, due_on_day_off=DueOnDayOff.NEXT_WORKING_DAY)
    every = WorkingCalendar.every_minute(days.zone, "vn/1", WorkingCalendar(carried, "vn/1"))
    sunday = date(2024, 5, 5)
    assert minutes_of(every, sunday) == 1_440
    assert every.due_on_day_off is DueOnDayOff.NEXT_WORKING_DAY
    assert not every.is_working_day(sunday)
    assert every.next_working_day(sunday) == date(2024, 5, 6)
    assert every.end_of_last_session(date(2024, 5, 6)) == datetime(2024, 5, 6, 17, tzinfo=days.zone)
    assert every != WorkingCalendar.every_minute(days.zone, "vn/1")
    assert WorkingCalendar.every_minute(days.zone, "vn/1").is_working_day(sunday)


def test_calendar_days_count_every_minute_also_of_a_day_with_25_hours() -> None:
    every = WorkingCalendar.every_minute(_PRODUCT[2].zone, "ams/1")
    start = datetime(2022, 10, 30, tzinfo=every.zone)
    assert every.working_minutes(start, datetime(2022, 10, 31, tzinfo=every.zone)) == 25 * 60


def test_a_due_beyond_the_horizon_ends_the_search() -> None:
    nothing = WorkingCalendar(WorkingTime(zone_name="UTC", sessions=frozenset()), "none/1")
    assert nothing.due(datetime(2022, 1, 1, tzinfo=UTC), 1) == datetime(2300, 1, 1, tzinfo=UTC)
    assert nothing.next_working_day(date(2022, 1, 1)) == date(2022, 1, 1)


def test_calendars_that_mean_the_same_under_one_name_are_equal() -> None:
    meaning = WorkingTime(zone_name=VIETNAM["zone"], sessions=OFFICE_SESSIONS)
    assert WorkingCalendar(meaning, "vn/1") == WorkingCalendar(meaning, "vn/1")
    assert WorkingCalendar(meaning, "vn/1") != WorkingCalendar(meaning, "vn/2")
    assert WorkingCalendar(meaning, "vn/1") != WorkingCalendar(
        replace(meaning, days_off=frozenset({date(2022, 9, 2)})), "vn/1"
    )
    assert WorkingCalendar(meaning, "vn/1") != "vn/1"
