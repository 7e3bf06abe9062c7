"""Instants as the files of other programs write them."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo

from tiendo_contracts.texts.instant_texts import parse_instant

_WITH_TIME_OF_DAY = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_SAMPLE = datetime(2011, 10, 25, 23, 14, 35, tzinfo=UTC)


class InstantFault(StrEnum):
    """Why a text names no instant that can be kept."""

    UNREADABLE = "unreadable"
    WITHOUT_TIME_OF_DAY = "without-time-of-day"
    WITHOUT_OFFSET = "without-offset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notation:
    """How a file writes instants: in `format` (of strptime) where one is said, else as ISO 8601 does.

    `zone` is that of the instants without an offset, `time_of_day` that of those that are dates alone. Full ISO 8601 with a `T` is
    understood beside any `format`.
    """

    zone: ZoneInfo | None = None
    format: str | None = None
    time_of_day: time | None = None

    def read(self, text: str) -> datetime | InstantFault:
        """The aware instant that `text` names, or what is wrong with it; nothing is guessed.

        Of the two instants of an hour that a zone has twice it is the earlier. Digits beyond microseconds are cut off.
        """
        try:
            found = self.local(text.strip())
            if not isinstance(found, datetime):
                if self.time_of_day is None:
                    return InstantFault.WITHOUT_TIME_OF_DAY
                found = datetime.combine(found, self.time_of_day)
            if found.tzinfo is None:
                if self.zone is None:
                    return InstantFault.WITHOUT_OFFSET
                found = found.replace(tzinfo=self.zone)
            # with a fixed offset: of one zone, hours that it has twice would be compared by what the clock shows
            return parse_instant(found.isoformat())
        except (ValueError, OverflowError):
            return InstantFault.UNREADABLE

    def local(self, text: str) -> datetime | date:
        """What `text` names as it stands, by its own offset or by none; a date where the notation says no hour. Raises ValueError."""
        if self.format is not None:
            try:
                found = datetime.strptime(text, self.format)  # noqa: DTZ007 - the zone comes after
            except ValueError:
                # Any other text of ISO 8601 might be one of the format with day and month confused.
                if not _WITH_TIME_OF_DAY.fullmatch(text):
                    raise
            else:
                return found if has_time_of_day(self.format) else found.date()
        try:
            return date.fromisoformat(text)
        except ValueError:
            return datetime.fromisoformat(text)


def has_time_of_day(format_: str) -> bool:
    """Whether instants written in the format say their hour."""
    return _SAMPLE.strftime(format_) != _SAMPLE.replace(hour=1).strftime(format_)


def checked_format(format_: str) -> str:
    """The format itself; raises ValueError where it does not say the day, or names a zone in letters, which says nothing certain."""
    if "%Z" in format_:
        raise ValueError("names of zones (%Z) are not certain; leave it out and write `zone`, or use %z for an offset")
    try:
        read = datetime.strptime(_SAMPLE.strftime(format_), format_)  # noqa: DTZ007 - only the date is looked at
    except (ValueError, re.error) as error:
        raise ValueError(f"{format_!r} cannot be read: {error}; write one such as %d.%m.%Y %H:%M:%S") from error
    if read.date() != _SAMPLE.date():
        raise ValueError(f"{format_!r} does not say the day; write one such as %d.%m.%Y %H:%M:%S")
    if has_time_of_day(format_) and read.hour != _SAMPLE.hour:
        raise ValueError(f"{format_!r} does not tell morning from evening; write %H, or %p beside %I")
    return format_
