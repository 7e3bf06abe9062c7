"""Instants as senders of the national format write them."""

import re
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from tiendo_contracts.texts.instant_texts import parse_instant

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
"""The zone of what is written without an offset."""

_YEARS_THAT_SAY_NOTHING: Final = frozenset({"0000", "0001", "1900"})
_COMPACT: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?", re.ASCII)
_ISO: Final = re.compile(
    r"(\d{4})-(\d\d?)-(\d\d?)(?:(?:T|\s+)(\d\d?):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_VIETNAMESE: Final = re.compile(r"(\d\d?)/(\d\d?)/(\d{4})(?:\s+(\d\d?):(\d\d)(?::(\d\d))?)?", re.ASCII)
_TEXT_LENGTH_MAX: Final = 64
_MICROSECOND_DIGITS: Final = 6
_MIDNIGHT_HOUR: Final = 24


def read_moment(text: str) -> datetime | date | None:
    """The aware instant that a text names, a date where it names no time of day, None where it says nothing.

    `20220815080500`, `2022-08-15T08:05:00.000` with or without an offset, `15/08/2022 08:05:00`. Nothing is said by blanks, zeros and the years
    0, 1 and 1900. Digits beyond microseconds are cut off. Raises ValueError for everything else, also outside of 1970 to 2199.
    """
    text = text.strip()
    if not text.strip("0"):
        return None
    parts = _parts(text)
    if parts[0] in _YEARS_THAT_SAY_NOTHING:
        return None
    year, month, day, hour, minute, second, fraction, offset = parts
    on = date(int(year or 0), int(month or 0), int(day or 0))
    if hour is None:
        parse_instant(f"{on.isoformat()}T00:00:00Z")
        return on
    microsecond = int((fraction or "0")[:_MICROSECOND_DIGITS].ljust(_MICROSECOND_DIGITS, "0"))
    return _instant(on, (int(hour), int(minute or 0), int(second or 0), microsecond), offset)


def written(at: datetime) -> str:
    """The instant as events state it: RFC 3339 with the offset of the zone."""
    return at.astimezone(ZONE).isoformat()


def meaning(at: datetime | date | None) -> str:
    """The instant in digits of the zone's clock, the same however it was written; empty for None."""
    if at is None:
        return ""
    if not isinstance(at, datetime):
        return f"{at:%Y%m%d}"
    local = at.astimezone(ZONE)
    return f"{local:%Y%m%d%H%M%S}" + (f".{local:%f}" if local.microsecond else "")


def meant(digits: str) -> datetime:
    """The instant whose `meaning` the digits are."""
    whole, _, fraction = digits.partition(".")
    local = datetime.strptime(whole, "%Y%m%d%H%M%S")  # noqa: DTZ007 - the zone comes next
    return local.replace(microsecond=int(fraction or "0"), tzinfo=ZONE)


def _parts(text: str) -> tuple[str | None, ...]:
    """Year, month, day, hour, minute, second, fraction and offset, those missing None."""
    if len(text) <= _TEXT_LENGTH_MAX:
        if found := _COMPACT.fullmatch(text):
            return (*found.groups(), None, None)
        if found := _ISO.fullmatch(text):
            return found.groups()
        if found := _VIETNAMESE.fullmatch(text):
            day, month, year, *time = found.groups()
            return (year, month, day, *time, None, None)
    raise ValueError("not an instant of the format")


def _instant(on: date, time: tuple[int, int, int, int], offset: str | None) -> datetime:
    hour, minute, second, microsecond = time
    if hour == _MIDNIGHT_HOUR and not any(time[1:]):
        on, hour = on + timedelta(days=1), 0
    local = datetime(on.year, on.month, on.day, hour, minute, second, microsecond)  # noqa: DTZ001 - the zone comes next
    stated = local.isoformat() + (offset or "").upper()
    at = local.replace(tzinfo=ZONE) if offset is None else datetime.fromisoformat(stated)
    parse_instant(at.astimezone(ZONE).isoformat())
    return at
