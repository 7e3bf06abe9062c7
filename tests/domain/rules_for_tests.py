"""Plain rules that the tests share: calendars, units and procedures of every kind."""

from datetime import date
from typing import Any

Plain = dict[str, Any]

WEEK = [1, 2, 3, 4, 5]
OFFICE = [
    {"weekdays": WEEK, "from": 420, "to": 690, "valid_from": None, "valid_to": None},
    {"weekdays": WEEK, "from": 810, "to": 1020, "valid_from": None, "valid_to": None},
]
VIETNAM = {
    "zone": "Asia/Ho_Chi_Minh",
    "sessions": OFFICE,
    # The national day of 2022 with its second day, and the swap around New Year 2026 as an override.
    "days_off": [date(2022, 9, 1), date(2022, 9, 2)],
    "overrides": {},
    "version": 1,
}
SEASONAL = {
    "zone": "Asia/Ho_Chi_Minh",
    "sessions": [
        {"weekdays": WEEK, "from": 390, "to": 660, "valid_from": None, "valid_to": date(2022, 8, 31)},
        {"weekdays": WEEK, "from": 450, "to": 720, "valid_from": date(2022, 9, 1), "valid_to": None},
        {"weekdays": [6], "from": 450, "to": 690, "valid_from": None, "valid_to": None},
    ],
    "days_off": [date(2022, 9, 2)],
    "overrides": {date(2022, 9, 3): "off", date(2022, 9, 4): "working"},
    "version": 1,
}
AMSTERDAM = {
    "zone": "Europe/Amsterdam",
    # The night session makes clock changes (30 October 2022, 03:00) fall into working time.
    "sessions": [{"weekdays": [1, 2, 3, 4, 5, 7], "from": 90, "to": 240}, {"weekdays": WEEK, "from": 540, "to": 1020}],
    "days_off": [],
    "overrides": {},
    "version": 1,
}
PLACEHOLDERS = ["chuyên viên", "cán bộ một cửa", "cán bộ", "công chức", "hệ thống", "admin"]


def procedure(identity: str, pause: str, days: str = "working", norm: int | None = None, **more: Any) -> Plain:
    """The rule of a procedure."""
    return {"id": identity, "valid_from": None, "pause": pause, "days": days, "norm_minutes": norm} | more


RULES: Plain = {
    "calendars": {"vn": VIETNAM, "seasonal": SEASONAL, "ams": AMSTERDAM},
    "unit_calendars": {"U-SEASON": "seasonal", "U-NL": "ams"},
    "parents": {"U-BELOW": "U-SEASON"},
    "procedures": [
        procedure("1.001", "suspend"),
        procedure("1.002", "restart"),
        procedure("1.003", "shift"),
        procedure("1.004", "suspend", "calendar", 2_880),
        procedure("1.005", "restart", norm=480),
        procedure("1.005", "shift", norm=960, valid_from=date(2022, 9, 1)),
        procedure("1.006", "shift", "calendar"),
        procedure("1.006.000.H34", "restart"),
    ],
    "placeholders": PLACEHOLDERS,
}
