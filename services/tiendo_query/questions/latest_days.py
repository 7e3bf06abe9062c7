"""The last day of a period for which none was asked: that of what is asked about, not of the newest case there is."""

from datetime import date, datetime

from tiendo_query.names.known_units import known_subtree
from tiendo_query.query_side import Snapshot
from tiendo_query.questions.periods import asked_period
from tiendo_read_models.queries.latest import latest_event_at


async def last_day(
    snapshot: Snapshot,
    *,
    now: datetime,
    unit: str | None = None,
    officer_key: str | None = None,
    not_before: date | None = None,
) -> date:
    """The local day, by the default calendar's zone, on which anything last happened to the cases of a unit's subtree or an officer (None: of all).

    Below the unit is whatever lies there on any day. Today where nothing has happened; never before `not_before`, the first day that was asked for.
    Raises the refusal of a unit that nothing names.
    """
    reader = snapshot.reader
    ever = asked_period(None, None, as_of=None, now=now, zone=snapshot.zone).period
    units = None if unit is None else (await known_subtree(snapshot, unit, ever)).ever
    latest = await latest_event_at(reader.connection, reader.build, now, units=units, officer_key=officer_key)
    day = (latest or now).astimezone(snapshot.zone).date()
    return day if not_before is None else max(day, not_before)
