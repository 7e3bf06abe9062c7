"""Months of the local calendar, as periods of days and instants, and as lists are published for them."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Self
from zoneinfo import ZoneInfo

_MONTH: Final = re.compile(r"(19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_MONTHS_OF_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """A month of a year, 1 to 12."""

    year: int
    month: int

    @classmethod
    def of(cls, day: date) -> Self:
        """The month of the day."""
        return cls(day.year, day.month)

    @classmethod
    def read(cls, text: str) -> Self:
        """The month that `2022-08` names; raises ValueError."""
        return cls.of(date.fromisoformat(f"{text}-01"))

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The month of the years 1970 to 2199 that `2022-08` names; None for any other text."""
        return cls.read(text) if _MONTH.fullmatch(text) else None

    @property
    def start(self) -> date:
        """Its first day."""
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        """Its last day."""
        return self.following.start - timedelta(days=1)

    @property
    def following(self) -> "Month":
        """The month after it."""
        return self.after(1)

    @property
    def before(self) -> "Month":
        """The month before it."""
        return self.after(-1)

    def after(self, months: int) -> "Month":
        """The month that comes so many months later."""
        count = self.year * _MONTHS_OF_A_YEAR + self.month - 1 + months
        return Month(count // _MONTHS_OF_A_YEAR, count % _MONTHS_OF_A_YEAR + 1)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The month as [start, end) by local midnights of the zone."""
        following = self.following
        return (
            datetime(self.year, self.month, 1, tzinfo=zone),
            datetime(following.year, following.month, 1, tzinfo=zone),
        )

    def __str__(self) -> str:
        """As addresses have it: `2022-08`."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def in_words(self) -> str:
        """As Vietnamese is written: `8/2022`."""
        return f"{self.month}/{self.year}"
