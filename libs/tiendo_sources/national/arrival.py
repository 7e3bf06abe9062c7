"""How a message came: by which source and unit, when, and what that says of when its facts were recorded (rule N1)."""

from datetime import date, datetime

from msgspec import Struct

from tiendo_domain.facts import Mark
from tiendo_sources.national.dates import ZONE, written
from tiendo_sources.national.directory import NameDirectory


class Arrival(Struct, frozen=True, kw_only=True):
    """One message. `received_at` is our receipt, `sent_at` what its envelope gives for its sending, `unit` the code of the unit that sends.

    What is told of happenings before `history_until` is history.
    """

    source: str
    unit: str | None
    received_at: datetime
    sent_at: datetime | None
    history_until: datetime | None
    directory: NameDirectory

    def recorded(self, at: datetime, said_at: datetime) -> tuple[str, tuple[Mark, ...]]:
        """When something that happened `at` was recorded, being told at `said_at`, and the mark of history."""
        if self.history_until is not None and at < self.history_until:
            return written(at), (Mark.HISTORY,)
        return written(said_at), ()

    def instant(self, moment: datetime | date | None) -> datetime | None:
        """A stated due or end; one without a time of day is the end of the last session of its day, in the calendar of the unit that sends."""
        if moment is None or isinstance(moment, datetime):
            return moment
        return self.directory.calendar(self.unit, moment).end_of_last_session(moment)


def local_day(at: datetime) -> date:
    """The day of an instant, on which the directory is asked."""
    return at.astimezone(ZONE).date()
