"""Overdue cases page by page, most late first: where each stands is kept, the cases themselves are read for the page alone."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from heapq import nlargest, nsmallest
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_query.cases.case_pages import AskedCases, PageOfCases, case_filter
from tiendo_query.figures.figure_lists import Figure
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.names.known_units import known_subtree, spans_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_query.sums.carried_sums import SumOver
from tiendo_query.sums.grouped_sums import Sums
from tiendo_query.sums.kept_sums import kept_sum
from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.listed_cases import (
    CaseFilter,
    CaseRecord,
    LateCase,
    Lateness,
    matching_cases,
    places_of,
)
from tiendo_read_models.queries.cases.refolding import cases_to_fold
from tiendo_read_models.queries.cases.relations import MAY_BE_LATE, Exactness, Relation, folded, stored
from tiendo_read_models.queries.periods import AsAt, Period

_ALL: Final = CaseFilter()
_NOT_LATE: Final = frozenset({Figure.RESOLVED, Figure.OPEN})
_CURSOR_KINDS: Final = (int, int, str)


def is_by_lateness(asked: AskedCases) -> bool:
    """Whether the list is one of overdue cases, which are shown by lateness; other lists are by case id."""
    return asked.overdue is True or (asked.figure is not None and asked.figure not in _NOT_LATE)


async def late_page(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, *, both_ways: bool = False, now: datetime | None = None
) -> PageOfCases:
    """The page that was asked for, most late first; otherwise as `case_page`."""
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, asked.question, kinds=_CURSOR_KINDS)
    now = (now or side.now()) if cursor is None else parse_instant(cursor.as_of)
    found = await late_places(side, snapshot, asked, now)
    period, places = found.period.period, found.places
    after = None if cursor is None else _place(cursor)
    behind = nsmallest(asked.limit + 1, (place for place in places if after is None or place > after))
    shown = behind[: asked.limit]
    before = (
        [] if after is None or not both_ways else nlargest(asked.limit + 1, (one for one in places if one <= after))
    )

    def cursor_behind(place: Lateness) -> str:
        return cursors.written(Cursor(after=place, as_of=now.astimezone(UTC).isoformat()), asked.question)

    following = cursor_behind(shown[-1]) if len(behind) > asked.limit else None
    previous = cursor_behind(before[-1]) if len(before) > asked.limit else None
    records = await records_of(snapshot, [case_id for _, _, case_id in shown], period.as_at)
    named = DirectoryNames.of(snapshot)
    return PageOfCases(
        records=[named.case(record, period.last_moment) for record in records],
        next=following,
        as_of_text=found.period.as_of_text,
        total=len(places),
        previous=previous,
        is_first=after is None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LatePlaces:
    """Where cases stand in a list by lateness, in no order, as at the period's end."""

    period: AskedPeriod
    places: list[Lateness]


async def late_places(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, now: datetime, *, also: tuple[CaseCondition, ...] = ()
) -> LatePlaces:
    """Where the matching cases stand of which those `also` hold; cases that show no minutes must not match."""
    found = await kept_sum(side, snapshot, await _question(side, snapshot, asked, now, also), now=now)
    places = await _of_unit(snapshot, found.total, asked.unit, found.period.period)
    return LatePlaces(period=found.period, places=places)


def _place(cursor: Cursor) -> Lateness:
    late, entry, case_id = cursor.after
    return int(late), int(entry), str(case_id)


async def _question(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, now: datetime, also: tuple[CaseCondition, ...]
) -> SumOver:
    """The matching cases of all units: each counts once, for its lateness and its unit."""
    everywhere = replace(asked, unit=None, sort=None, limit=0, cursor=None)
    where = await case_filter(side, snapshot, everywhere, now)
    where = replace(where, conditions=(*where.conditions, *also))

    def period(at: datetime) -> AskedPeriod:
        return asked_period(asked.from_, asked.to, as_of=asked.as_of, now=at, zone=snapshot.zone)

    async def count(connection: AsyncConnection, relation: Relation, of: Period) -> Sums:
        matching = where if where.period is None else replace(where, period=of)
        return dict.fromkeys(await places_of(connection, relation, matching, spans), (1,))

    spans = spans_of(snapshot, period(now).period)
    key = ("late", everywhere, spans, tuple(one.where for one in also))
    return SumOver(
        key=key,
        exactness=Exactness.MINUTES,
        period=period,
        count=count,
        where_folded=f"({MAY_BE_LATE})",
        by_minutes=True,
        in_part=True,
        but_for="c.needs_fold",
    )


async def _of_unit(snapshot: Snapshot, found: Sums, unit: str | None, period: Period) -> list[Lateness]:
    """The places of the cases that the unit or one below it is responsible for; raises the refusal of a unit that nothing names."""
    cases = (key for key in found if isinstance(key, LateCase))
    if unit is None:
        return [case.place for case in cases]
    units = [frozenset(then) for then in (await known_subtree(snapshot, unit, period)).by_span]
    return [case.place for case in cases if case.unit_id in units[case.span]]


async def records_of(snapshot: Snapshot, case_ids: list[str], at: AsAt) -> list[CaseRecord]:
    """The cases as at the instant, in the order of `case_ids`."""
    connection, build, as_of = snapshot.reader.connection, snapshot.reader.build, at.as_of
    chosen, parameters = "c.case_id = ANY(:case_ids)", {"case_ids": case_ids}
    relation = stored(build, as_of, Exactness.MINUTES, where=chosen)
    relation = replace(relation, parameters={**relation.parameters, **parameters})
    limit = max(1, len(case_ids))
    found = await matching_cases(connection, relation, _ALL, limit=limit)
    waiting = await cases_to_fold(connection, build, as_of, Exactness.MINUTES, where=chosen, parameters=parameters)
    async for rows in snapshot.folding.batches(waiting, snapshot.view(at)):
        found += await matching_cases(connection, folded(build, as_of, rows), _ALL, limit=limit)
    by_id = {record["case_id"]: record for record in found}
    return [by_id[case_id] for case_id in case_ids if case_id in by_id]
