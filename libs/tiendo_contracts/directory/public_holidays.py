"""Public holidays with observed days, and the working days swapped for them, from the `holidays` package, as dates that are then kept (section R)."""

import warnings
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from tiendo_domain.rules.definitions import NO_HOLIDAYS

FIRST_YEAR, LAST_YEAR = 1970, 2100


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicHolidays:
    """What a country's holidays make of dates: `days_off` have no working time, `make_up_days` do though they are of a weekend (rule T7)."""

    days_off: frozenset[date] = frozenset()
    make_up_days: frozenset[date] = frozenset()


def countries() -> list[str]:
    """The country codes (ISO 3166, two letters) whose holidays are known, rising."""
    return sorted(holidays.list_supported_countries(include_aliases=False))


@lru_cache
def public_holidays_of(country: str) -> PublicHolidays:
    """The public holidays of `country` with observed days and both halves of every swap, of the years 1970 to 2100; nothing for `none`.

    Raises ValueError for a code that `countries` does not list.
    """
    if country == NO_HOLIDAYS:
        return PublicHolidays()
    if country not in countries():
        raise ValueError(f"no holidays are known for {country!r}")
    with warnings.catch_warnings():
        # Of some countries fewer years are known, which the package says each time.
        warnings.simplefilter("ignore", UserWarning)
        known = holidays.country_holidays(country, years=range(FIRST_YEAR, LAST_YEAR + 1))
    return PublicHolidays(days_off=frozenset(known), make_up_days=frozenset(known.weekend_workdays))
