"""The values that directory facts and rules files share: times of day, dates, zones, ids; each refused with what would be right."""

import re
from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, Field, PlainSerializer, PlainValidator
from pydantic_core import PydanticCustomError

from tiendo_domain.calendar import DAY_MINUTES

ID_LENGTH_MAX = 200
TEXT_LENGTH_MAX = 2_000
NUMBER_MAX = 2**53

_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_INSTANT = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)?", re.ASCII
)
_YEAR_MIN, _YEAR_MAX = 1970, 2199


def time_text(minute: int) -> str:
    """The time of day `07:00` of a minute from midnight; the end of the day is `24:00`."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _time_of_day(value: object) -> int:
    if isinstance(value, time) and value.tzinfo is None and value == value.replace(second=0, microsecond=0):
        return value.hour * 60 + value.minute
    if value == "24:00":
        return DAY_MINUTES
    match = _TIME.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        raise PydanticCustomError("time", 'is no time of day; write it as "07:00", from "00:00" to "24:00"')
    return int(match[1]) * 60 + int(match[2])


def _day(value: object) -> date:
    day = _parsed_day(value)
    if day is None or not _YEAR_MIN <= day.year <= _YEAR_MAX:
        raise PydanticCustomError("date", 'is no date of the years 1970 to 2199; write it as "2022-08-20"')
    return day


def _parsed_day(value: object) -> date | None:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None


def day_or_instant_text(value: date | datetime) -> str:
    """`2022-08-20`, or `2022-08-20T07:00:00+07:00`, without an offset where none was stated."""
    return value.isoformat()


def is_reversed(start: date | datetime, end: date | datetime) -> bool:
    """Whether [start, end) holds no instant whatever the clock is; of dates the last is included.

    A date, or an instant without offset, is of a clock that is not known here: what differs by less than a day then is let be.
    """
    if not isinstance(start, datetime) and not isinstance(end, datetime):
        return start > end
    if isinstance(start, datetime) and isinstance(end, datetime) and (start.tzinfo is None) == (end.tzinfo is None):
        return start >= end
    return _as_date(start) > _as_date(end) + timedelta(days=1)


def _as_date(value: date | datetime) -> date:
    return value.date() if isinstance(value, datetime) else value


def _day_or_instant(value: object) -> date | datetime:
    parsed = _parsed_day(value) or _parsed_instant(value)
    if parsed is None or not _YEAR_MIN <= parsed.year <= _YEAR_MAX:
        raise PydanticCustomError(
            "day_or_instant",
            'is neither a date nor an instant of the years 1970 to 2199; write it as "2022-08-20" or "2022-08-20T07:00:00+07:00"',
        )
    return parsed


def _parsed_instant(value: object) -> datetime | None:
    if isinstance(value, str) and _INSTANT.fullmatch(value):
        try:
            return datetime.fromisoformat(value.upper())
        except ValueError:
            return None
    return value if isinstance(value, datetime) else None


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ValueError, KeyError, OSError):
        raise PydanticCustomError(
            "zone", 'is no time zone; name one of the IANA database, such as "Asia/Ho_Chi_Minh"'
        ) from None
    return name


def _plain(text: str) -> str:
    if any(character < " " or "\x7f" <= character <= "\x9f" for character in text):
        raise PydanticCustomError("control_character", "has a control character; write plain text on one line")
    if not text.strip():
        raise PydanticCustomError("blank", "is blank; write what it names")
    return text


def _weekdays(days: list[int]) -> list[int]:
    if not days or len(set(days)) != len(days) or not all(1 <= day <= 7 for day in days):  # noqa: PLR2004 - ISO numbers
        raise PydanticCustomError(
            "weekdays", "are no weekdays; list ISO numbers, each once: 1 for Monday to 7 for Sunday"
        )
    return sorted(days)


TimeOfDay = Annotated[
    int,
    BeforeValidator(_time_of_day, json_schema_input_type=str),
    PlainSerializer(time_text, return_type=str),
]
Day = Annotated[date, BeforeValidator(_day, json_schema_input_type=str)]
DayOrInstant = Annotated[
    date | datetime,
    PlainValidator(_day_or_instant, json_schema_input_type=str),
    PlainSerializer(day_or_instant_text, return_type=str),
]
Zone = Annotated[str, AfterValidator(_zone)]
Identifier = Annotated[str, Field(max_length=ID_LENGTH_MAX), AfterValidator(_plain)]
Text = Annotated[str, Field(max_length=TEXT_LENGTH_MAX), AfterValidator(_plain)]
Weekdays = Annotated[list[int], AfterValidator(_weekdays)]
Minutes = Annotated[int, Field(ge=0, le=NUMBER_MAX)]
