"""Instants as they were sent, and whole minutes (rules T2, T3)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment, with the text that shows it.

    `at` is aware; comparisons with a due use it uncut (rule T2). `text` is the RFC 3339 text as a source sent it,
    or, for computed instants, the moment written in the calendar's zone.
    """

    at: datetime
    text: str


def instant_in_zone(at: datetime) -> Instant:
    """The computed moment `at`, written with the offset of its own zone."""
    return Instant(at, at.isoformat())
