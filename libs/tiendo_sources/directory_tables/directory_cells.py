"""The cells of the directory's tables as the values of the rules file, and back."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from tiendo_domain.names import name_key
from tiendo_sources.directory_tables.known_headings import WORDS
from tiendo_sources.tables.cells import BROKEN, UNCOMPUTED, Cell, cell_text
from tiendo_sources.tables.known_headings import folded
from tiendo_sources.tables.stated import TableNotation

_HERE, _ELSEWHERE = ZoneInfo("UTC"), ZoneInfo("Asia/Ho_Chi_Minh")
_WORKING_DAY_MINUTES = 8 * 60
_CALENDAR_DAY_MINUTES = 24 * 60
_NUMBER_LENGTH_MAX = 12
_SUNDAY = 7
_GUARDED = ("=", "+", "-", "@")
"""How a text begins that a spreadsheet would compute; it is written behind an apostrophe."""


class CellUnusable(ValueError):  # noqa: N818 - it names the state of the cell
    """A cell that cannot be understood; the message says what would be right."""


def value_of(table: str, name: str, cell: Cell) -> Any:  # noqa: ANN401 - any value of the rules file
    """What the cell says as the rules file says it; None where it says nothing. Raises CellUnusable."""
    text = cell_text(cell)
    if text == UNCOMPUTED:
        raise CellUnusable("is a formula without a value; save the file in a spreadsheet once, or write the value")
    if BROKEN in text:
        raise CellUnusable("has letters that cannot be read; save the file as UTF-8")
    if not text:
        return None
    special = _SPECIAL.get((table, name)) or _OF_NAME.get(name)
    return _plain(text) if special is None else special(name, cell, text)


def _plain(text: str) -> str:
    line = " ".join(text.split())
    return line[1:] if line.startswith("'") and line[1:].startswith(_GUARDED) else line


def _day(_: str, cell: Cell, __: str) -> str:
    found = _read(cell)
    if isinstance(found, datetime) or found is None:
        raise CellUnusable("is no date; write the day as 01/07/2025")
    return found.isoformat()


def _day_after(name: str, cell: Cell, text: str) -> str:
    return (date.fromisoformat(_day(name, cell, text)) + timedelta(days=1)).isoformat()


def _day_or_instant(_: str, cell: Cell, __: str) -> str:
    found = _read(cell)
    if found is None:
        raise CellUnusable("is neither a day nor an instant; write 01/07/2025 or 01/07/2025 07:30")
    return found.isoformat()


def _read(cell: Cell) -> date | datetime | None:
    """A date, or an instant; one without an offset stays without, as it is of the clock of the case's calendar."""
    here, elsewhere = (TableNotation(zone=zone).read(cell) for zone in (_HERE, _ELSEWHERE))
    if isinstance(here, datetime):
        return here if here == elsewhere else here.replace(tzinfo=None)
    return here if isinstance(here, date) else None


def _minutes(each: int) -> Callable[[str, Cell, str], int]:
    def read(_: str, __: Cell, text: str) -> int:
        number = text.replace(",", ".")
        try:
            minutes = float(number) * each if len(number) <= _NUMBER_LENGTH_MAX else -1.0
        except ValueError:
            minutes = -1.0
        if minutes < 0 or not minutes.is_integer():
            raise CellUnusable("is no such length of time; write a number, which gives whole minutes")
        return int(minutes)

    return read


def _word(name: str, _: Cell, text: str) -> str:
    words = {folded(word): value for word, value in WORDS[name].items()}
    meant = words.get(folded(text))
    if meant is not None:
        return meant
    if text in words.values():
        return text
    known = ", ".join(f"“{word}”" for word in WORDS[name])
    raise CellUnusable(f"is none of the words known here; write one of {known}")


def _list(_: str, __: Cell, text: str) -> list[str]:
    parts = (_plain(part) for part in text.replace(";", ",").replace("\n", ",").split(","))
    return [part for part in parts if part]


def _time(_: str, __: Cell, text: str) -> str:
    shown = text[:5] if len(text) == len("07:00:00") and text.endswith(":00") else text
    shown = folded(shown).replace(" ", ":").replace("h", ":").replace("g", ":").strip(":")
    hour, _sign, minute = shown.partition(":")
    if not hour.isdigit() or not (minute or "0").isdigit():
        raise CellUnusable("is no time of day; write it as 07:30")
    return f"{int(hour):02}:{int(minute or 0):02}"


def _weekdays(_: str, __: Cell, text: str) -> list[int]:
    """ISO numbers of Vietnamese ones: „Thứ 2“ is Monday, „CN“ Sunday; `2-6` are all between."""
    plain = _WEEKDAY_WORDS.sub("", folded(text.replace("-", " den ")).replace("chu nhat", "cn"))
    found: set[int] = set()
    for first, last in _WEEKDAYS.findall(plain):
        begin = _iso(first)
        found.update(range(begin, (_iso(last) if last else begin) + 1))
    if not found or _WEEKDAYS.sub("", plain).strip():
        raise CellUnusable("are no weekdays; write “2-6” for Monday to Friday, “7” for Saturday, “CN” for Sunday")
    return sorted(found)


_WEEKDAY_WORDS = re.compile(r"\bthu\b")
_WEEKDAYS = re.compile(r"\b([2-7]|cn)(?:\s+den\s+([2-7]|cn))?\b")


def _iso(day: str) -> int:
    return _SUNDAY if day == "cn" else int(day) - 1


_Reader = Callable[[str, Cell, str], Any]
_OF_NAME: Mapping[str, _Reader] = {
    "valid_from": _day,
    "valid_to": _day,
    "last_day": _day_after,
    "level": _word,
    "pause": _word,
    "days": _word,
    "due_on_day_off": _word,
    "norm_minutes": _minutes(1),
    "norm_hours": _minutes(60),
    "allotted_minutes": _minutes(1),
    "allotted_hours": _minutes(60),
    "allotted_days": _minutes(_WORKING_DAY_MINUTES),
    "accounts": _list,
    "units": _list,
    "weekdays": _weekdays,
}
_SPECIAL: Mapping[tuple[str, str], _Reader] = {
    ("absence", "from"): _day_or_instant,
    ("absence", "to"): _day_or_instant,
    ("session", "from"): _time,
    ("session", "to"): _time,
    ("override", "date"): _day,
    ("override", "kind"): _word,
    ("procedure", "norm_days"): _minutes(1),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """What became of a row: the members of the entry, and from which columns they came."""

    members: dict[str, Any]
    columns: dict[str, str]


def entry_of(values: Mapping[str, Any], unit_ids: Callable[[str], str]) -> Stood:
    """The entry that a row's values make; `unit_ids` gives the id of a unit by its name, or raises CellUnusable.

    Days and hours become minutes, the last day the first no longer, a unit's name its id.
    """
    members = {name: value for name, value in values.items() if value is not None and name not in JOINED}
    columns = {name: name for name in members}
    for name, into in JOINED.items():
        if (value := values.get(name)) is not None and into not in members:
            members[into] = _joined(name, value, values, unit_ids)
            columns[into] = name
    return Stood(members=members, columns=columns)


JOINED: Mapping[str, str] = {
    "last_day": "valid_to",
    "unit_name": "unit",
    "norm_hours": "norm_minutes",
    "norm_days": "norm_minutes",
    "allotted_hours": "allotted_minutes",
    "allotted_days": "allotted_minutes",
}
"""Columns that say a member of the rules file in another way; the member's own column goes before."""


def _joined(name: str, value: Any, values: Mapping[str, Any], unit_ids: Callable[[str], str]) -> Any:  # noqa: ANN401 - as the values
    if name == "unit_name":
        return unit_ids(name_key(value))
    if name == "norm_days":
        return value * (_CALENDAR_DAY_MINUTES if values.get("days") == "calendar" else _WORKING_DAY_MINUTES)
    return value


def written(name: str, value: Any) -> str:  # noqa: ANN401 - any value of the rules file
    """A cell that reads as the value again."""
    if name in WORDS:
        return next((word for word, meant in WORDS[name].items() if meant == value), str(value))
    if name == "weekdays":
        return ", ".join("CN" if day == _SUNDAY else str(day + 1) for day in value)
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    text = _shown_day(str(value)) if name in _DAYS else str(value)
    return f"'{text}" if text.startswith(_GUARDED) else text


_DAYS = frozenset({"valid_from", "valid_to", "date", "from", "to"})


def _shown_day(text: str) -> str:
    try:
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    except ValueError:
        return text
