"""Dues on a day off (rule D5), by the versions of the case's calendar (rule T6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tests.domain.reference.counting import minute_calendar

Plain = dict[str, Any]


@dataclass(frozen=True)
class DaysOff:
    """The versions of a case's calendar that were known, oldest first; the newest counts, but a due stated earlier is read by all since."""

    identity: str
    versions: Sequence[Plain]

    @property
    def newest(self) -> Plain:
        """The version by which minutes are counted."""
        return self.versions[-1]

    @property
    def name(self) -> str:
        """The version as answers name it."""
        return f"{self.identity}/{self.newest['version']}"

    def carried(self, due: datetime, stated_at: datetime | None = None) -> datetime:
        """The due, carried where it falls on a day off: the latest of what the versions since `stated_at` give; a computed one by the newest alone.

        Reading: the day is the local date of the due as sent, uncut (23:59:30 on a Friday is Friday).
        """
        since = self.versions if stated_at is None else self._from_then_on(stated_at)
        counted = self.versions[-1:] if stated_at is None else since
        return max(self._by(version, due) for version in counted)

    def carries(self) -> bool:
        """Whether the newest version carries at all."""
        return _carries(self.identity, self.newest)

    def is_off(self, day: date) -> bool:
        """Whether the newest version has no working time on the local date; also for procedures in calendar days."""
        return not minute_calendar(self.newest, calendar_days=False).is_working_day(day)

    def _from_then_on(self, stated_at: datetime) -> Sequence[Plain]:
        """The version that was known at `stated_at`, and all later ones; the first counts as known since ever."""
        known = [
            number for number, version in enumerate(self.versions) if number == 0 or version["known_since"] <= stated_at
        ]
        return self.versions[known[-1] :]

    def _by(self, version: Plain, due: datetime) -> datetime:
        calendar = minute_calendar(version, calendar_days=False)
        if not _carries(self.identity, version) or calendar.is_working_day(due.astimezone(calendar.zone).date()):
            return due
        return calendar.end_of_next_working_day(due.astimezone(calendar.zone).date())


def _carries(identity: str, version: Plain) -> bool:
    default = "next-working-day" if identity == "vn" or version.get("holidays") == "VN" else "as-stated"
    return bool(version.get("due_on_day_off", default) == "next-working-day")
