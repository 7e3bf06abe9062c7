"""Plain rules that the tests share: calendars, units, procedures, officers, absences and steps of every kind.

The shape, which `product.py` translates into the product's definitions:

    calendars       {id: version or [version, ...]}, oldest first; a version is {"zone", "sessions", "days_off", "overrides", "version": n}, with
                    "holidays" ("VN" or another) and "due_on_day_off" ("next-working-day" or "as-stated"; left out: "next-working-day" for the
                    calendar `vn` and where holidays is "VN", else "as-stated"), and from the second on "known_since": the instant at which it
                    became known (the first counts as known since ever). A version says all of the calendar, not what it changes.
    unit_calendars  {unit id: calendar id};  parents: {unit id: unit id}
    procedures      [{"id", "valid_from", "pause", "days", "norm_minutes"}]
    steps           [{"procedure", "id", "name", "allotted_minutes", "valid_from"}], name and valid_from (a date) may be None
    officers        [{"id", "same_as"}], same_as may be None
    absences        [{"officer", "from", "to", "kind", "known_since"}], from and to both "YYYY-MM-DD" (local dates, inclusive) or both instants with
                    offset (half-open); known_since (an instant) may be None or left out: known since ever
    placeholders    [name]
"""

from datetime import date, datetime
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
    "holidays": "VN",
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
    "holidays": "VN",
    "version": 1,
}
AMSTERDAM = {
    "zone": "Europe/Amsterdam",
    # The night session makes clock changes (30 October 2022, 03:00) fall into working time.
    "sessions": [{"weekdays": [1, 2, 3, 4, 5, 7], "from": 90, "to": 240}, {"weekdays": WEEK, "from": 540, "to": 1020}],
    "days_off": [],
    "overrides": {},
    "holidays": "NL",
    "version": 1,
}
# A Saturday that was swapped for a day off has Monday's sessions; another day off, an hour less, dues as they are stated.
SWAPPED = VIETNAM | {"overrides": {date(2022, 9, 3): "working", date(2022, 9, 5): "off", date(2022, 10, 31): "off"}}
SHORTER = SWAPPED | {
    "sessions": [OFFICE[0], OFFICE[1] | {"to": 960}],
    "days_off": [date(2022, 9, 1), date(2022, 8, 30)],
}
STATED = VIETNAM | {"due_on_day_off": "as-stated"}
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
    "steps": [],
    "officers": [],
    "absences": [],
}


def step_rule(of: str, identity: str, allotted: int, name: str | None = None, valid_from: date | None = None) -> Plain:
    """What a `[[step]]` says."""
    return {"procedure": of, "id": identity, "name": name, "allotted_minutes": allotted, "valid_from": valid_from}


STEPS: list[Plain] = [
    step_rule("1.001", "s1", 60),
    step_rule("1.001", "s1", 30, valid_from=date(2022, 9, 1)),
    step_rule("1.001", "other", 240, "Bước  s2\u200b"),
    step_rule("1.002", "s1", 240),
    step_rule("1.002", "s3", 5),
    step_rule("1.003", "s2", 480, "Bước s2"),
    step_rule("1.006", "s1", 1_440),
    step_rule("1.006.000.H34", "s1", 60),
    step_rule("1.006", "s2", 720),
]


def versions(*later: tuple[Plain, datetime]) -> list[Plain]:
    """The calendar of Vietnam, and what it was changed to when."""
    changed = [
        version | {"version": number, "known_since": since} for number, (version, since) in enumerate(later, start=2)
    ]
    return [VIETNAM, *changed]
