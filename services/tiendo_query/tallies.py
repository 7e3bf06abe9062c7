"""Tallies that are remembered while nothing happens."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from tiendo_domain.instants import Instant
from tiendo_query.counting import Tally, tally
from tiendo_query.known_units import known_subtree
from tiendo_query.periods import AskedPeriod, asked_period
from tiendo_query.query_side import QuerySide, Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTally:
    """The period of a tally, and the unit whose subtree is counted (None: everything); `now` is the instant that a cursor has kept."""

    start: date | Instant | None
    end: date | Instant | None
    as_of: Instant | None = None
    now: datetime | None = None
    unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundTally:
    """A tally, the period that it counts, and the instant that was now when it was made."""

    tally: Tally
    period: AskedPeriod
    now: datetime


async def remembered_tally(side: QuerySide, snapshot: Snapshot, asked: AskedTally) -> FoundTally:
    """The tally of the period."""

    async def work_out() -> FoundTally:
        now = asked.now or side.now()
        period = asked_period(asked.start, asked.end, as_of=asked.as_of, now=now, zone=snapshot.zone)
        units = None if asked.unit is None else await known_subtree(snapshot, asked.unit)
        found = await tally(side, snapshot, period.period, units=units)
        return FoundTally(tally=found, period=period, now=now)

    found = await side.remembered(("tally", asked), snapshot, work_out)
    if asked.now is None:

        async def the_same() -> FoundTally:
            return found

        # The pages that follow ask for the very instant of this one.
        await side.remembered(("tally", replace(asked, now=found.now)), snapshot, the_same)
    return found
