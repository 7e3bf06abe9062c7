"""Tallies over a period, carried on from question to question."""

from dataclasses import dataclass
from datetime import date, datetime

from tiendo_domain.instants import Instant
from tiendo_query.figures.counting import Tally, tally_of, tally_question
from tiendo_query.names.known_units import known_subtree, spans_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_query.sums.kept_sums import kept_sum


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


async def found_tally(side: QuerySide, snapshot: Snapshot, asked: AskedTally) -> FoundTally:
    """The tally of the period."""

    def period_at(now: datetime) -> AskedPeriod:
        return asked_period(asked.start, asked.end, as_of=asked.as_of, now=now, zone=snapshot.zone)

    now = asked.now or side.now()
    period = period_at(now).period
    units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, period)
    question = tally_question((asked.start, asked.end, asked.as_of), period_at, spans_of(snapshot, period), units)
    found = await kept_sum(side, snapshot, question, now=now)
    tally = await tally_of(snapshot, found.total, found.period.period)
    return FoundTally(tally=tally, period=found.period, now=found.now)
