"""Which period a page shows that was asked for none."""

from datetime import date, datetime

from tiendo_query.query_side import Snapshot
from tiendo_query.questions.latest_days import last_day


async def shown_period(
    snapshot: Snapshot, start: date | None, end: date | None, *, now: datetime, key: str | None = None
) -> tuple[date, date]:
    """The local dates asked for; without them the year up to the last day on which anything happened, with the key of an officer: to their cases."""
    if end is None:
        end = await last_day(snapshot, now=now, officer_key=key, not_before=start)
    return start or date(end.year, 1, 1), end
