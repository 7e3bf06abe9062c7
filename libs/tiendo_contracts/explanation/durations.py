"""Numbers and amounts of working time as people read them, the same on pages, in tables and in sentences."""

from typing import Final

from tiendo_contracts.problems.problem_kinds import Language, Words

MINUTES_A_DAY: Final = 480
"""A working day has eight working hours (glossary: ngày làm việc)."""
_HOUR: Final = 60
_MINUS: Final = "−"


def in_words(minutes: int, language: Language) -> str:
    """The amount in minutes, and from an hour on in working days of 8 hours too: `540 phút (1 ngày 1 giờ)`."""
    return minutes_in_words(minutes).spoken(language)


def minutes_in_words(minutes: int) -> Words:
    """The amount in both languages: `540 minutes (1 day 1 h)`, `1.000 phút (2 ngày 40 phút)`, `−5 phút`."""
    unit = "minute" if abs(minutes) == 1 else "minutes"
    en, vi = (number_in_words(minutes, language) for language in (Language.ENGLISH, Language.VIETNAMESE))
    longer = days_and_hours(minutes)
    if longer is None:
        return Words(en=f"{en} {unit}", vi=f"{vi} phút")
    return Words(en=f"{en} {unit} ({longer.en})", vi=f"{vi} phút ({longer.vi})")


def days_and_hours(minutes: int) -> Words | None:
    """The amount in working days of 8 hours, hours and minutes; None below an hour, where minutes say it all."""
    if abs(minutes) < _HOUR:
        return None
    days, rest = divmod(abs(minutes), MINUTES_A_DAY)
    hours, left = divmod(rest, _HOUR)
    sign = _MINUS if minutes < 0 else ""
    en = ((days, "day" if days == 1 else "days"), (hours, "h"), (left, "min"))
    vi = ((days, "ngày"), (hours, "giờ"), (left, "phút"))
    return Words(en=sign + _together(en, Language.ENGLISH), vi=sign + _together(vi, Language.VIETNAMESE))


def number_in_words(number: int, language: Language) -> str:
    """The number with its thousands apart, as the language writes it: `183.854` in Vietnamese, `183,854` in English."""
    grouped = f"{abs(number):,}"
    if language is Language.VIETNAMESE:
        grouped = grouped.replace(",", ".")
    return f"{_MINUS}{grouped}" if number < 0 else grouped


def percent_in_words(ratio: float, language: Language) -> str:
    """The ratio in per cent with one decimal, never rounded to a whole that it has not reached: `88,2 %`, `88.2 %`."""
    tenths = int(ratio * 1000 + 0.5)
    if 0.0 < ratio < 1.0:
        tenths = min(999, max(1, tenths))
    point = "," if language is Language.VIETNAMESE else "."
    return f"{tenths // 10}{point}{tenths % 10} %"


def _together(parts: tuple[tuple[int, str], ...], language: Language) -> str:
    return " ".join(f"{number_in_words(amount, language)} {unit}" for amount, unit in parts if amount)
