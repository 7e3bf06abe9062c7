"""Stretches of working time in which nothing came from a source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.quality.thresholds import THRESHOLDS, Thresholds


@dataclass(frozen=True, slots=True, kw_only=True)
class Silence:
    """Nothing came after `last_at` and before `next_at` (None: nothing since), `working_minutes` long."""

    last_at: datetime
    next_at: datetime | None
    working_minutes: int


def silences_told(
    pauses: Iterable[tuple[datetime, datetime | None]],
    calendar: WorkingCalendar,
    now: datetime,
    thresholds: Thresholds = THRESHOLDS,
) -> Iterator[Silence]:
    """Of the pauses between two arrivals of one source (the last one up to `now`) those with more working minutes than `silence_minutes`."""
    for last_at, next_at in pauses:
        minutes = calendar.working_minutes(last_at, next_at or now)
        if minutes > thresholds.silence_minutes:
            yield Silence(last_at=last_at, next_at=next_at, working_minutes=minutes)
