"""What becomes of a due that falls on a day off (rules D5, T6)."""

from collections.abc import Sequence

from msgspec import Struct

from tiendo_domain.calendar import DueOnDayOff, WorkingCalendar
from tiendo_domain.instants import Instant, instant_in_zone
from tiendo_domain.rules import KnownCalendar
from tiendo_domain.timeline.placed import Placed


class CarriedDue(Struct, frozen=True, kw_only=True):
    """A due as it was stated, and the instant that it means."""

    stated: Instant
    carried: Instant


class Carrying(Struct, frozen=True, kw_only=True):
    """How the dues of one case are carried over days off: by the newest version of its calendar, `versions` being all, oldest first.

    For procedures in calendar days these count every minute, and ask the calendar that the case would have otherwise for days off.
    """

    versions: Sequence[KnownCalendar]

    @property
    def calendar(self) -> WorkingCalendar:
        """The newest version: norms, pauses and working minutes go by it alone."""
        return self.versions[-1].calendar

    def computed(self, due: Instant) -> Instant:
        """A due that the rules gave, carried by the newest version."""
        return carried(due, self.calendar)

    def stated(self, due: Instant, placed: Placed) -> CarriedDue:
        """A due that the event stated: the latest instant that the versions from its `time` on give (rule T6)."""
        if len(self.versions) == 1:
            return CarriedDue(stated=due, carried=carried(due, self.calendar))
        said_at = placed.event.occurred_at.at
        first = max(
            number
            for number, version in enumerate(self.versions)
            if version.known_since is None or version.known_since <= said_at
        )
        possible = (carried(due, version.calendar) for version in self.versions[first:])
        return CarriedDue(stated=due, carried=max(possible, key=lambda instant: instant.at))


def carried(due: Instant, calendar: WorkingCalendar) -> Instant:
    """`due`, or where its local date has no working time the end of the last session of the next working day."""
    if calendar.due_on_day_off is DueOnDayOff.AS_STATED:
        return due
    day = due.at.astimezone(calendar.zone).date()
    if calendar.is_working_day(day):
        return due
    next_day = calendar.next_working_day(day)
    return due if next_day == day else instant_in_zone(calendar.end_of_last_session(next_day))
