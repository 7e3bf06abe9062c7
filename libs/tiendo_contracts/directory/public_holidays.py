"""Public holidays with observed days, from the `holidays` package, as dates that are then kept (section R)."""

from datetime import date

import holidays

from tiendo_domain.rules.definitions import NO_HOLIDAYS

FIRST_YEAR, LAST_YEAR = 1970, 2100


def countries() -> list[str]:
    """The country codes (ISO 3166, two letters) whose holidays are known, rising."""
    return sorted(holidays.list_supported_countries(include_aliases=False))


def days_off_of(country: str) -> frozenset[date]:
    """The public holidays of `country` with observed days, of the years 1970 to 2100; none for `none`.

    Raises ValueError for a code that `countries` does not list.
    """
    if country == NO_HOLIDAYS:
        return frozenset()
    if country not in countries():
        raise ValueError(f"no holidays are known for {country!r}")
    return frozenset(holidays.country_holidays(country, years=range(FIRST_YEAR, LAST_YEAR + 1)))
