"""Difficulties over a period, page by page or whole: what `GET /v1/difficulties` and `tiendo difficulties` give out."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Final

from tiendo_contracts.answers.difficulties import GivenDifficulty, MissedNorm
from tiendo_contracts.instant_texts import parse_instant
from tiendo_domain.instants import Instant
from tiendo_query import cursors
from tiendo_query.answering.difficulties import given_difficulty, missed_norm
from tiendo_query.breakdowns.given_reasons import given_reasons, missed_plans
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.cursors import Cursor
from tiendo_query.known_units import known_subtree
from tiendo_query.periods import AskedPeriod
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.tallies import AskedTally, found_tally

_KINDS: Final = (int,)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDifficulties:
    """The period, and the unit whose people and units below it give the reasons (None: everybody)."""

    start: date | Instant | None
    end: date | Instant | None
    as_of: Instant | None = None
    unit: str | None = None

    @property
    def question(self) -> dict[str, object]:
        """What a cursor is bound to."""
        return {"from": self.start, "to": self.end, "as_of": self.as_of, "unit": self.unit}


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOfDifficulties:
    """A page of reasons; with the first one the norms that are missed."""

    items: Sequence[GivenDifficulty]
    missed_norms: Sequence[MissedNorm]
    next: str | None
    period: AskedPeriod
    simulated: bool


async def difficulty_page(
    side: QuerySide, snapshot: Snapshot, asked: AskedDifficulties, *, limit: int | None, cursor: str | None = None
) -> PageOfDifficulties:
    """The page, of `limit` reasons (None: all); raises the refusals of an unknown unit and of a cursor that belongs to another question."""
    place = None if cursor is None else cursors.read(cursor, asked.question, kinds=_KINDS)
    now = side.now() if place is None else parse_instant(place.as_of)
    time = AskedTime(start=asked.start, end=asked.end, as_of=asked.as_of, now=now)
    period = time.seen(snapshot, now)
    units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, period.period)
    tally = await found_tally(
        side, snapshot, AskedTally(start=asked.start, end=asked.end, as_of=asked.as_of, unit=asked.unit, now=now)
    )
    reasons = await given_reasons(side, snapshot, time, units)
    missed = [] if place is not None else await missed_plans(side, snapshot, time, units)
    first = 0 if place is None else int(place.after[0])
    last = len(reasons) if limit is None else first + limit
    items = [given_difficulty(one) for one in reasons[first:last]]
    following = None
    if last < len(reasons):
        following = cursors.written(Cursor(after=(last,), as_of=now.astimezone(UTC).isoformat()), asked.question)
    simulated = tally.tally.simulated or any(item.simulated for item in items)
    return PageOfDifficulties(
        items=items,
        missed_norms=[missed_norm(one) for one in missed],
        next=following,
        period=period,
        simulated=simulated,
    )


async def all_difficulties(
    side: QuerySide, snapshot: Snapshot, asked: AskedDifficulties
) -> AsyncIterator[GivenDifficulty]:
    """Every reason of the period."""
    for item in (await difficulty_page(side, snapshot, asked, limit=None)).items:
        yield item
