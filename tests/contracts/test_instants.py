"""Instants are RFC 3339 with an offset, and nothing else."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiendo_contracts.texts.instant_texts import parse_instant


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2022-08-15T08:05:00+07:00", datetime(2022, 8, 15, 1, 5, tzinfo=UTC)),
        ("2022-08-15t01:05:00z", datetime(2022, 8, 15, 1, 5, tzinfo=UTC)),
        ("2022-08-15T01:05:00.5Z", datetime(2022, 8, 15, 1, 5, 0, 500_000, tzinfo=UTC)),
        ("2022-08-15T01:05:00.123456Z", datetime(2022, 8, 15, 1, 5, 0, 123_456, tzinfo=UTC)),
        ("2022-08-15T01:05:00-00:00", datetime(2022, 8, 15, 1, 5, tzinfo=UTC)),
        ("2022-08-15T23:59:59+23:59", datetime(2022, 8, 15, 0, 0, 59, tzinfo=UTC)),
        ("2022-08-15T01:05:00.1234560Z", datetime(2022, 8, 15, 1, 5, 0, 123_456, tzinfo=UTC)),
        ("2022-08-15T01:05:00.000000000Z", datetime(2022, 8, 15, 1, 5, tzinfo=UTC)),
        ("2022-08-15T01:05:00.5" + "0" * 500 + "+00:00", datetime(2022, 8, 15, 1, 5, 0, 500_000, tzinfo=UTC)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("2199-12-31T23:59:59-23:59", datetime(2200, 1, 1, 23, 58, 59, tzinfo=UTC)),
        ("1970-01-01T00:00:00+23:59", datetime(1969, 12, 31, 0, 1, tzinfo=UTC)),
    ],
)
def test_an_instant_of_rfc_3339_is_read(text: str, at: datetime) -> None:
    assert parse_instant(text) == at


@pytest.mark.parametrize(
    "text",
    [
        "2022-08-15T08:05:00",
        "2022-08-15",
        "2022-08-15T08:05+07:00",
        "2022-08-15 08:05:00Z",
        "2022-08-15T08:05:00+0700",
        "2022-08-15T08:05:00+07",
        "2022-08-15T08:05:00+24:00",
        "2022-08-15T08:05:00+07:60",
        "2022-08-15T24:00:00Z",
        "2022-08-15T23:60:00Z",
        "2022-06-30T23:59:60Z",
        "2022-08-15T08:05:00.Z",
        "2022-08-15T08:05:00,5Z",
        "2022-08-15T08:05:00.1234567Z",
        "2022-08-15T08:05:00.1234560000001Z",
        "2022-08-15T08:05:00.0000000\u0660Z",
        "2022-02-29T00:00:00Z",
        "2022-02-30T00:00:00Z",
        "2022-04-31T00:00:00Z",
        "2022-00-10T00:00:00Z",
        "2022-13-10T00:00:00Z",
        "2022-10-00T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2200-01-01T00:00:00Z",
        "+2022-08-15T08:05:00Z",
        "2022-W33-1T08:05:00Z",
        "20220815T080500Z",
        " 2022-08-15T08:05:00Z",
        "2022-08-15T08:05:00Z\n",
        "2022-08-15T08:05:00\u221207:00",
        "٢٠٢٢-08-15T08:05:00Z",
        "",
        "now",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_instant(text)


@given(at=st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=st.timezones()))  # noqa: DTZ001 - bounds are naive by design
def test_every_instant_that_python_writes_in_whole_minutes_of_offset_is_read(at: datetime) -> None:
    offset = at.utcoffset()
    if offset is not None and offset.total_seconds() % 60 == 0:
        assert parse_instant(at.isoformat()) == at.astimezone(UTC)
