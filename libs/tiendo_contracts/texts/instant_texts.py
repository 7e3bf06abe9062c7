"""Instants as the outside writes them: RFC 3339 with an offset, years 1970 to 2199, at most microseconds, no leap second.

Zeros behind the sixth digit of a fraction say nothing and are taken: programs that count in smaller units write them.
"""

import re
from datetime import date, datetime

_RFC3339 = re.compile(
    r"(?:19[7-9]\d|20\d\d|21\d\d)-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,6}0*)?"
    r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)
_LOCAL_DATE = re.compile(r"(?:19[7-9]\d|20\d\d|21\d\d)-\d\d-\d\d", re.ASCII)


def parse_instant(text: str) -> datetime:
    """The aware moment that the text names; `T` and `Z` may be written small, as RFC 3339 allows.

    Raises ValueError for anything else, also for days that no calendar has.
    """
    if not _RFC3339.fullmatch(text):
        raise ValueError("not an instant of RFC 3339 with an offset")
    return read_instant(text)


def parse_local_date(text: str) -> date:
    """The local date `2022-08-15` that the text names, years 1970 to 2199; raises ValueError for anything else."""
    if not _LOCAL_DATE.fullmatch(text):
        raise ValueError("not a date")
    return date.fromisoformat(text)


def read_instant(text: str) -> datetime:
    """The aware moment of a text that `parse_instant` has accepted before."""
    return datetime.fromisoformat(text.upper())
