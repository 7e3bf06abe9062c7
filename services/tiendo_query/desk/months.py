"""Months of the calendar, as periods of local days."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self


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
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def before(self) -> "Month":
        """The month before it."""
        return Month(self.year - (self.month == 1), (self.month - 2) % 12 + 1)

    def __str__(self) -> str:
        """As addresses have it: `2022-08`."""
        return f"{self.year:04}-{self.month:02}"

    @property
    def in_words(self) -> str:
        """As Vietnamese is written: `8/2022`."""
        return f"{self.month}/{self.year}"
