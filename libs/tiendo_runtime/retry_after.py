"""What another server says of time in the heads of its answers: its clock, and how long it wants to be left alone (RFC 9110, 5.6.7 and 10.2.3)."""

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after_seconds(headers: Mapping[str, str], *, most: float) -> float:
    """The seconds that an answer asks for, `most` at the most; a date is counted from that server's own clock. 0 where nothing is asked that can be read."""
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said), most)
    until, now = date_of_head(said), date_of_head(headers.get("date"))
    if until is None or now is None:
        return 0.0
    return min(max((until - now).total_seconds(), 0.0), most)


def date_of_head(text: str | None) -> datetime | None:
    """The instant of a date in a head; None where there is none that can be read."""
    try:
        found = parsedate_to_datetime(text or "")
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
