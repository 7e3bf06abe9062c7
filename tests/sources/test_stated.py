"""Dates and times as tables have them: read where the day is certain, else refused."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from tiendo_sources.tables.cells import Cell
from tiendo_sources.tables.stated import TableNotation
from tiendo_sources.written_instants import InstantFault

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MORNING = datetime(2022, 8, 15, 1, 5, tzinfo=UTC)
DAY = date(2022, 8, 15)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("15/08/2022 08:05", MORNING),
        ("15-8-2022 8:05", MORNING),
        ("15.08.2022, 08:05:00", MORNING),
        ("08:05 15/08/2022", MORNING),
        ("8h05 ngày 15/8/2022", MORNING),
        ("8 giờ 05 phút, ngày 15/8/2022", MORNING),
        ("15/08/2022 8:05 SA", MORNING),
        ("15/08/2022 01:05 CH", datetime(2022, 8, 15, 6, 5, tzinfo=UTC)),
        ("15/08/2022 12:05 AM", datetime(2022, 8, 14, 17, 5, tzinfo=UTC)),
        ("2022-08-15T08:05:00+07:00", MORNING),
        ("2022-08-15 08:05", MORNING),
        ("2022/08/15 08:05", MORNING),
        ("20220815080500", MORNING),
        ("44788.336805555555", MORNING),
        ("44788,3368055", MORNING),
        (44788.336805555555, MORNING),
        (datetime(2022, 8, 15, 8, 5), MORNING),  # noqa: DTZ001 - as spreadsheets have it
        ("15/08/2022", DAY),
        ("2022-08-15", DAY),
        ("20220815", DAY),
        (44788, DAY),
        (44788.0, DAY),
        (44788.000001, DAY),
        ("44787,999999", DAY),
        (datetime(2022, 8, 15), DAY),  # noqa: DTZ001 - likewise
        (DAY, DAY),
        ("", None),
        (" NULL ", None),
        (None, None),
        ("01/01/0001 00:00:00", None),
        ("1900-01-01", None),
        (1, None),
        (0, None),
        (0.0, None),
        ("0", None),
        ("00/00/0000", None),
        ("0000-00-00 00:00:00", None),
        ("31/02/2022", InstantFault.UNREADABLE),
        ("08/15/2022", InstantFault.UNREADABLE),
        ("15/08/22", InstantFault.UNREADABLE),
        ("15/08/2022 25:00", InstantFault.UNREADABLE),
        ("15/08/1960", InstantFault.UNREADABLE),
        ("31/12/9999", InstantFault.UNREADABLE),
        ("15/08/1960 08:00", InstantFault.UNREADABLE),
        ("hôm qua", InstantFault.UNREADABLE),
        (0.5, InstantFault.UNREADABLE),
        (1e300, InstantFault.UNREADABLE),
        (float("nan"), InstantFault.UNREADABLE),
        (True, InstantFault.UNREADABLE),
    ],
)
def test_what_is_certain_is_read_and_nothing_else(cell: Cell, meant: object) -> None:
    assert TableNotation(zone=ZONE).read(cell) == meant


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("08/15/2022 08:05", MORNING),
        ("08/15/2022 08:05:00", MORNING),
        ("08/15/2022", DAY),
        ("2022-08-15T08:05:00+07:00", MORNING),
        ("15/08/2022 08:05", InstantFault.UNREADABLE),
    ],
)
def test_a_format_says_the_order_of_days_in_all_columns_with_or_without_hours(text: str, meant: object) -> None:
    for format_ in ("%m/%d/%Y %H:%M", "%m/%d/%Y"):
        assert TableNotation(zone=ZONE, format=format_).read(text) == meant
