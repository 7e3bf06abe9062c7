"""Calendar months, as lists are published for them."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from zoneinfo import ZoneInfo

_MONTH: Final = re.compile(r"(19[7-9]\d|2[01]\d\d)-(0[1-9]|1[0-2])", re.ASCII)
_MONTHS_OF_A_YEAR: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Month:
    """A month of the local calendar, of the years 1970 to 2199."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The month that `2022-08` says; None for another text."""
        found = _MONTH.fullmatch(text)
        return None if found is None else cls(year=int(found[1]), month=int(found[2]))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def following(self) -> "Month":
        """The next month."""
        return self.after(1)

    def after(self, months: int) -> "Month":
        """The month that comes so many months later."""
        count = self.year * _MONTHS_OF_A_YEAR + self.month - 1 + months
        return Month(year=count // _MONTHS_OF_A_YEAR, month=count % _MONTHS_OF_A_YEAR + 1)

    def bounds(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """The month as [start, end) by local midnights of the zone."""
        following = self.following
        return (
            datetime(self.year, self.month, 1, tzinfo=zone),
            datetime(following.year, following.month, 1, tzinfo=zone),
        )
