"""Until when somebody has to be told that their case will be late (form 04, rule D3): at least a day before the due."""

from datetime import datetime, timedelta
from typing import Final

from tiendo_domain.calendar import WorkingCalendar

NOTICE: Final = timedelta(hours=24)
_LOOKING_BACK: Final = timedelta(days=60)


def apology_by(due_at: datetime, calendar: WorkingCalendar) -> datetime:
    """The last working instant 24 hours before the due or earlier, in the calendar's zone; without any in 60 days, 24 hours before the due."""
    latest = due_at - NOTICE
    earlier = latest - _LOOKING_BACK
    minutes = calendar.working_minutes(earlier, latest)
    return calendar.due(earlier, minutes) if minutes else latest.astimezone(calendar.zone)
