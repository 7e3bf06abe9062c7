"""Difficulties over a period, page by page or whole: what `GET /v1/difficulties` and `tiendo difficulties` give out."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from tiendo_contracts.answers.difficulties import GivenDifficulty, MissedNorm
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_domain.instants import Instant
from tiendo_query.answering.difficulties import given_difficulty, missed_norm
from tiendo_query.breakdowns.case_links import CaseLinks
from tiendo_query.breakdowns.given_reasons import GivenReason, MissedPlan, given_reasons, missed_plans
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.names.known_units import known_subtree
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.periods import AskedPeriod
from tiendo_query.sums.tallies import AskedTally, found_tally

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


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDifficulties:
    """All reasons of the period, and the norms that are missed."""

    reasons: Sequence[GivenReason]
    missed: Sequence[MissedPlan]
    period: AskedPeriod
    simulated: bool


async def found_difficulties(
    side: QuerySide, snapshot: Snapshot, asked: AskedDifficulties, *, now: datetime, missed: bool = True
) -> FoundDifficulties:
    """What is found, with the norms only where `missed` are asked for; raises the refusal of an unknown unit."""
    time = AskedTime(start=asked.start, end=asked.end, as_of=asked.as_of, now=now)
    period = time.seen(snapshot, now)
    units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, period.period)
    tally = await found_tally(
        side, snapshot, AskedTally(start=asked.start, end=asked.end, as_of=asked.as_of, unit=asked.unit, now=now)
    )
    reasons = await given_reasons(side, snapshot, time, units)
    return FoundDifficulties(
        reasons=reasons,
        missed=await missed_plans(side, snapshot, time, units) if missed else (),
        period=period,
        simulated=tally.tally.simulated or any(one.counts["simulated"] for one in reasons),
    )


async def difficulty_page(
    side: QuerySide, snapshot: Snapshot, asked: AskedDifficulties, *, limit: int | None, cursor: str | None = None
) -> PageOfDifficulties:
    """The page, of `limit` reasons (None: all); raises the refusals of an unknown unit and of a cursor that belongs to another question."""
    place = None if cursor is None else cursors.read(cursor, asked.question, kinds=_KINDS)
    now = side.now() if place is None else parse_instant(place.as_of)
    found = await found_difficulties(side, snapshot, asked, now=now, missed=place is None)
    first = 0 if place is None else int(place.after[0])
    last = len(found.reasons) if limit is None else first + limit
    links = CaseLinks.of_program(found.period)
    following = None
    if last < len(found.reasons):
        following = cursors.written(Cursor(after=(last,), as_of=now.astimezone(UTC).isoformat()), asked.question)
    return PageOfDifficulties(
        items=[given_difficulty(one, links) for one in found.reasons[first:last]],
        missed_norms=[missed_norm(one, links.of_unit(asked.unit)) for one in found.missed],
        next=following,
        period=found.period,
        simulated=found.simulated,
    )


async def all_difficulties(
    side: QuerySide, snapshot: Snapshot, asked: AskedDifficulties
) -> AsyncIterator[GivenDifficulty]:
    """Every reason of the period."""
    for item in (await difficulty_page(side, snapshot, asked, limit=None)).items:
        yield item
