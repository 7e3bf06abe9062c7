"""What the cells of a table say of time: instants, or dates without a time of day."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from tiendo_contracts.texts.instant_texts import parse_instant, parse_local_date
from tiendo_sources.tables.cells import Cell, UndatedNumber, cell_text
from tiendo_sources.written_instants import InstantFault, Notation, checked_format

_TIME = r"(?P<hour>\d{1,2})\s?(?::|h|g|giờ)\s?(?P<minute>\d\d)(?:\s?(?::|phút)\s?(?P<second>\d\d)(?:\.\d+)?)?(?:\s?(?:p|phút))?\s?(?P<half>AM|PM|SA|CH)?"
_DAY_FIRST = r"(?:ngày )?(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})"
_YEAR_FIRST = r"(?P<year>\d{4})[/.](?P<month>\d{1,2})[/.](?P<day>\d{1,2})"
_GAP = r"(?:[,;]\s?|\s(?:-\s)?)"
_WRITTEN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for day in (_DAY_FIRST, _YEAR_FIRST)
    for pattern in (rf"{day}(?:{_GAP}{_TIME})?", rf"{_TIME}{_GAP}{day}")
)
_ISO = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?\s?(?:Z|[+-]\d\d:?\d\d)?)?")
_DIGITS = re.compile(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)(?:(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d))?")
_ZEROS = re.compile(r"[0\s/.,:T-]+")
"""What a formula makes of an empty cell, and a database of no date: `0`, `00/00/0000`, `0000-00-00 00:00:00`."""
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_PARTS_OF_FORMAT = re.compile(r"[\s,]+|(?<=%d)T(?=%H)")
_HOURS = re.compile(r"%[HIMSfpzXTcR]")
_SERIAL_ORIGIN = datetime(1899, 12, 30)  # noqa: DTZ001 - local, the zone comes after
_SERIAL_MAX = 200_000
_SECONDS_A_DAY = 86_400
_NEVER = frozenset({1, 1899, 1900})
"""The years by which programs say that there is no date, as in the national format (rule N1); 1899 is that of a spreadsheet's day 1."""
_NOON = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class TableNotation:
    """How a table writes instants: in `format` (of strptime), else in any notation of which the day is certain, day before month.

    `zone` is that of instants without an offset.
    """

    zone: ZoneInfo
    format: str | None = None

    def read(self, cell: Cell) -> datetime | date | InstantFault | None:
        """The aware instant that the cell says; a date where it says no time of day, None where it says nothing."""
        text = cell_text(cell)
        if not text or _ZEROS.fullmatch(text):
            return None
        try:
            found = self._found(cell, text)
            if found.year in _NEVER:
                return None
            if not isinstance(found, datetime):
                return parse_local_date(found.isoformat())
            aware = found if found.tzinfo is not None else found.replace(tzinfo=self.zone)
            return parse_instant(aware.isoformat())
        except (ValueError, OverflowError):
            return InstantFault.UNREADABLE

    def _found(self, cell: Cell, text: str) -> datetime | date:
        match cell:
            case bool() | time() | UndatedNumber():
                raise ValueError("no date")
            case int() | float():
                return local_of_serial(float(cell))
            case datetime():
                return cell if cell.time() != time() else cell.date()
            case date():
                return cell
            case _ if self.format is not None:
                # A format says what its texts mean; only what cannot be meant otherwise is read beside it.
                return _by_format(text, self.format)
            case _:
                return _written(" ".join(text.split()))


def _by_format(text: str, format_: str) -> datetime | date:
    """The text read by the format, or by its days with no hours or usual ones behind them: columns of one table differ in that."""
    for candidate in _formats(format_):
        try:
            return Notation(format=candidate).local(text)
        except ValueError:
            continue
    raise ValueError("not as the format says")


@cache
def _formats(format_: str) -> tuple[str, ...]:
    days = " ".join(part for part in _PARTS_OF_FORMAT.split(format_) if not _HOURS.search(part))
    try:
        checked_format(days)
    except ValueError:
        return (format_,)
    return (format_, days, f"{days} %H:%M:%S", f"{days} %H:%M")


def _written(text: str) -> datetime | date:
    if _ISO.fullmatch(text):
        return _of_iso(text)
    if _SERIAL.fullmatch(text):
        return local_of_serial(float(text.replace(",", ".")))
    for pattern in (_DIGITS, *_WRITTEN):
        if found := pattern.fullmatch(text):
            return _of_parts(found.groupdict())
    raise ValueError("no date")


def _of_iso(text: str) -> datetime | date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", ""))


def _of_parts(parts: dict[str, str | None]) -> datetime | date:
    day = date(int(parts["year"] or 0), int(parts["month"] or 0), int(parts["day"] or 0))
    if parts["hour"] is None:
        return day
    hour, half = int(parts["hour"]), (parts.get("half") or "").upper()
    if half:
        if not 1 <= hour <= _NOON:
            raise ValueError("no hour of half a day")
        hour = hour % _NOON + (_NOON if half in {"PM", "CH"} else 0)
    return datetime.combine(day, time(hour, int(parts["minute"] or 0), int(parts["second"] or 0)))


def local_of_serial(serial: float) -> datetime | date:
    """The local instant of a number by which spreadsheets write one: days since the end of 1899; without a time of day, to the second, it is a date alone."""
    if not 1 <= serial < _SERIAL_MAX:
        raise ValueError("no day's number")
    found = _SERIAL_ORIGIN + timedelta(seconds=round(serial * _SECONDS_A_DAY))
    return found if found.time() != time() else found.date()
