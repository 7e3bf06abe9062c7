"""For how long a list is open to explanations, and from how many minutes on somebody stands in it (section R, `[[publication]]`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.rules import RuleBook
from tiendo_domain.rules.dated import begun
from tiendo_domain.rules.definitions import PublicationRule

DEFAULT_WINDOW_WORKING_DAYS: Final = 5
DEFAULT_LEAST_MINUTES: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRules:
    """How one unit's lists are published."""

    window_working_days: int = DEFAULT_WINDOW_WORKING_DAYS
    least_minutes: int = DEFAULT_LEAST_MINUTES


def list_rules(rules: RuleBook, line: Iterable[str], on: date) -> ListRules:
    """What holds on the local date `on` for the first unit of `line`, the others being those above it, nearest first.

    Each of both is the unit's own, else that of the nearest unit above it for which one is configured, else the default.
    """
    stated = [rule for unit in line if (rule := begun(rules.publications.get(unit, ()), on)) is not None]
    return ListRules(
        window_working_days=_first(stated, "window_working_days", DEFAULT_WINDOW_WORKING_DAYS),
        least_minutes=_first(stated, "least_minutes", DEFAULT_LEAST_MINUTES),
    )


def _first(stated: Iterable[PublicationRule], member: str, otherwise: int) -> int:
    found = (getattr(rule, member) for rule in stated)
    return next((int(value) for value in found if value is not None), otherwise)


def window_end(opened_at: datetime, working_days: int, calendar: WorkingCalendar) -> datetime:
    """The end of the last session of the n-th working day, counted from the local day after `opened_at`; of no days `opened_at` itself."""
    if working_days == 0:
        return opened_at
    day = opened_at.astimezone(calendar.zone).date()
    for _ in range(working_days):
        day = calendar.next_working_day(day + timedelta(days=1))
    return calendar.end_of_last_session(day)
