"""All forms of instants that senders of the national format write, and whatever else occurs."""

from datetime import UTC, date, datetime

import pytest

from tiendo_sources.national.dates import meaning, meant, read_moment

AT = datetime(2022, 8, 15, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "20220815080500",
        "202208150805",
        " 20220815080500 ",
        "2022-08-15T08:05:00.000",
        "2022-08-15T08:05:00",
        "2022-08-15 8:05",
        "2022-08-15T08:05:00.000+0700",
        "2022-08-15T08:05:00+07:00",
        "2022-08-15T08:05:00.000+07",
        "2022-08-15T01:05:00Z",
        "2022-08-15T03:05:00.0000000+0200",
        "15/08/2022 08:05:00",
    ],
)
def test_an_instant_is_read_however_it_is_written(text: str) -> None:
    found = read_moment(text)
    assert isinstance(found, datetime)
    assert found == AT
    assert meant(meaning(found)) == AT


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "0",
        "00000000000000",
        "00010101000000",
        "0001-01-01T00:00:00",
        "19000101000000",
        "1900-01-01",
        "01/01/1900",
        "0000-00-00 00:00:00",
    ],
)
def test_missing_instants_say_nothing(text: str) -> None:
    assert read_moment(text) is None


@pytest.mark.parametrize("text", ["20220815", "2022-08-15", "15/8/2022"])
def test_a_date_alone_is_no_instant(text: str) -> None:
    assert read_moment(text) == date(2022, 8, 15)


@pytest.mark.parametrize(
    "text",
    [
        "hôm qua",
        "20221315080500",
        "20220230000000",
        "2022-08-15T25:00:00",
        "17530101000000",
        "2201-01-01",
        "1" * 300,
        "٢٠٢٢٠٨١٥",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_moment(text)


def test_fractions_are_kept_and_digits_beyond_microseconds_cut_off() -> None:
    found = read_moment("2022-08-15T08:05:00.1234567")
    assert isinstance(found, datetime)
    assert found.microsecond == 123456
    assert meant(meaning(found)) == found


def test_midnight_may_be_written_as_the_end_of_its_day() -> None:
    assert read_moment("2022-08-15T24:00:00") == datetime(2022, 8, 15, 17, tzinfo=UTC)
