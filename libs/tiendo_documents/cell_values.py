"""What a cell of a table says: typed, so that a spreadsheet gets numbers and dates, and paper the Vietnamese way of writing them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tiendo_documents.plain_texts import plain

_DAY_MINUTES: Final = 480
_HOUR_MINUTES: Final = 60
NOTHING_TO_DIVIDE: Final = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentage:
    """`part` of `whole` in per cent; without a whole there is none (shown as a dash)."""

    part: int
    whole: int
    decimals: int = 1

    def in_words(self) -> str:
        """Such as "88,2 %", rounded half up, exactly."""
        if self.whole == 0:
            return NOTHING_TO_DIVIDE
        scale: int = 10**self.decimals
        scaled = (2 * 100 * scale * self.part + self.whole) // (2 * self.whole)
        units, rest = divmod(scaled, scale)
        return f"{number_in_words(units)}{f',{rest:0{self.decimals}d}' if self.decimals else ''} %"


Value = str | int | Percentage | date | datetime | None
"""A datetime is naive: the local clock of the province. None is an empty cell; a text may have several lines."""


def number_in_words(number: int) -> str:
    """Such as "1.234"."""
    return f"{number:,}".replace(",", ".")


def date_in_words(day: date) -> str:
    """Such as "05/08/2022"."""
    return f"{day.day:02d}/{day.month:02d}/{day.year:04d}"


def long_date_in_words(day: date | None) -> str:
    """Such as "ngày 05 tháng 02 năm 2022" (days below ten and the first two months with a zero); dots where it is not known."""
    if day is None:
        return "ngày …… tháng …… năm ………"
    month = f"{day.month:02d}" if day.month in {1, 2} else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_in_words(at: datetime) -> str:
    """Such as "08 giờ 05 phút ngày 05/08/2022", by the clock that the instant has."""
    return f"{_clock(at)} ngày {date_in_words(at.date())}"


def long_moment_in_words(at: datetime | None) -> str:
    """Such as "17 giờ 00 phút, ngày 05 tháng 9 năm 2022"; dots where it is not known."""
    if at is None:
        return "…… giờ …… phút, ngày …… tháng …… năm ………"
    return f"{_clock(at)}, {long_date_in_words(at.date())}"


def _clock(at: datetime) -> str:
    return f"{at.hour:02d} giờ {at.minute:02d} phút"


def minutes_in_words(minutes: int) -> str:
    """Working minutes as days of eight hours, hours and minutes, such as "1 ngày 1 giờ" for 540."""
    days, rest = divmod(abs(minutes), _DAY_MINUTES)
    hours, rest = divmod(rest, _HOUR_MINUTES)
    named = [(days, "ngày"), (hours, "giờ"), (rest, "phút")]
    said = " ".join(f"{number_in_words(count)} {name}" for count, name in named if count) or "0 phút"
    return f"-{said}" if minutes < 0 else said


def in_words(value: Value) -> str:
    """The value as it stands on paper."""
    match value:
        case None:
            return ""
        case str():
            return plain(value)
        case int():
            return number_in_words(value)
        case Percentage():
            return value.in_words()
        case datetime():
            return f"{date_in_words(value)} {value.hour:02d}:{value.minute:02d}"
        case date():
            return date_in_words(value)
