"""Instants in the notations of other programs are read as they are meant, or what is wrong with them is said."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo_sources.written_instants import InstantFault, Notation, checked_format

SAIGON = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2011, 10, 11, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2011-10-11T12:00:00Z",
        "2011-10-11T14:00:00.000+02:00",
        " 2011-10-11 14:00+0200 ",
        "2011-10-11T14:00:00.000000000+02:00",
        "20111011T120000Z",
    ],
)
def test_iso_8601_with_an_offset_is_read_without_any_setting(text: str) -> None:
    assert Notation().read(text) == NOON


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("2011-10-11T12:00:00", InstantFault.WITHOUT_OFFSET),
        ("2011-10-11", InstantFault.WITHOUT_TIME_OF_DAY),
        ("", InstantFault.UNREADABLE),
        ("soon", InstantFault.UNREADABLE),
        ("11.10.2011 12:00", InstantFault.UNREADABLE),
        ("2011-02-30T12:00:00Z", InstantFault.UNREADABLE),
        ("0001-01-01T00:00:00Z", InstantFault.UNREADABLE),
        ("9999-12-31T23:59:59Z", InstantFault.UNREADABLE),
        ("2011-10-11T12:00:60Z", InstantFault.UNREADABLE),
        ("2011-10-11T12:00:00+02:00:30", InstantFault.UNREADABLE),
        ("1318334400000", InstantFault.UNREADABLE),
    ],
)
def test_what_cannot_be_read_is_never_guessed(text: str, fault: InstantFault) -> None:
    assert Notation().read(text) is fault


def test_the_zone_mends_a_missing_offset_and_the_time_of_day_a_date_alone() -> None:
    notation = Notation(zone=SAIGON, time_of_day=time(17))
    assert notation.read("2011-10-11T19:00:00") == NOON
    assert notation.read("2011-10-11") == datetime(2011, 10, 11, 17, tzinfo=SAIGON)


def test_a_format_is_read_before_iso_8601_so_that_day_and_month_are_never_confused() -> None:
    notation = Notation(zone=SAIGON, format="%Y-%d-%m %H:%M")
    assert notation.read("2011-11-10 19:00") == NOON
    assert notation.read("2011-12-25 19:00") is InstantFault.UNREADABLE
    assert notation.read("2011-10-11T12:00:00Z") == NOON


def test_a_format_without_time_of_day_gives_dates() -> None:
    assert Notation(zone=SAIGON, format="%d/%m/%Y").read("11/10/2011") is InstantFault.WITHOUT_TIME_OF_DAY
    assert Notation(zone=SAIGON, format="%d/%m/%Y", time_of_day=time(19)).read("11/10/2011") == NOON


def test_a_format_may_bear_the_offset() -> None:
    assert Notation(format="%d.%m.%Y %H:%M %z").read("11.10.2011 14:00 +0200") == NOON


def test_of_an_hour_that_comes_twice_the_earlier_is_meant() -> None:
    read = Notation(zone=ZoneInfo("Europe/Amsterdam")).read("2011-10-30T02:30:00")
    assert read == datetime(2011, 10, 30, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize("text", ["%d.%m.%Y %H:%M:%S", "%I:%M %p %d.%m.%y", "%d/%m/%Y", "%Y%m%d%H%M%S%z"])
def test_formats_that_say_the_day_can_be_used(text: str) -> None:
    assert checked_format(text) == text


@pytest.mark.parametrize("text", ["%d.%m %H:%M", "%I:%M %d.%m.%Y", "%Q", "%", "", "day", "%d.%m.%Y %H:%M %Z", "\ud800"])
def test_formats_that_leave_something_to_guess_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"write|leave it out"):
        checked_format(text)


@given(text=st.text(max_size=40), format_=st.one_of(st.none(), st.text("%dmYHMSzpIj.:/ ", max_size=12)))
def test_any_text_is_an_instant_or_has_a_fault(text: str, format_: str | None) -> None:
    try:
        format_ = format_ and checked_format(format_)
    except ValueError:
        format_ = None
    found = Notation(zone=SAIGON, format=format_).read(text)
    assert isinstance(found, InstantFault) or found.utcoffset() is not None
