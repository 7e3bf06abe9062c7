"""Overdue cases page by page, most late first: those whose rows stand come from the database, those that move are folded once."""

import heapq
from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from tiendo_contracts.instants import parse_instant
from tiendo_query import cursors
from tiendo_query.case_pages import AskedCases, PageOfCases, case_filter
from tiendo_query.cursors import Cursor
from tiendo_query.figures import Figure
from tiendo_query.folding import folded_beside
from tiendo_query.periods import AskedPeriod, asked_period
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.cases import (
    CaseFilter,
    CaseRecord,
    Lateness,
    count_matching,
    lateness_of,
    latest_cases,
    matching_cases,
)
from tiendo_read_models.queries.refolding import cases_to_fold
from tiendo_read_models.queries.relations import MAY_BE_LATE, Exactness, Relation, stored

_ALL: Final = CaseFilter()
_NOT_LATE: Final = frozenset({Figure.RESOLVED, Figure.OPEN})
_CURSOR_KINDS: Final = (int, int, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Moving:
    """The matching cases whose rows do not stand, by lateness, and how many match in all."""

    places: tuple[Lateness, ...]
    total: int


def is_by_lateness(asked: AskedCases) -> bool:
    """Whether the list is one of overdue cases, which are shown by lateness; other lists are by case id."""
    return asked.overdue is True or (asked.figure is not None and asked.figure not in _NOT_LATE)


async def late_page(side: QuerySide, snapshot: Snapshot, asked: AskedCases) -> PageOfCases:
    """The page that was asked for, most late first; raises the refusal of a cursor that belongs to another question."""
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, asked.question, kinds=_CURSOR_KINDS)
    now = side.now() if cursor is None else parse_instant(cursor.as_of)
    seen = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=now, zone=snapshot.zone)
    where = await case_filter(snapshot, asked, now)
    moving = await _moving(side, snapshot, asked, where, seen)
    after: Lateness | None = None if cursor is None else _place(cursor)
    places = await _places(snapshot, where, seen.period.as_of, moving, after=after, limit=asked.limit + 1)
    shown = places[: asked.limit]
    following = None
    if len(places) > asked.limit:
        following = cursors.written(Cursor(after=shown[-1], as_of=now.astimezone(UTC).isoformat()), asked.question)
    return PageOfCases(
        records=await _records(snapshot, [case_id for _, _, case_id in shown], seen.period.as_of),
        next=following,
        as_of_text=seen.as_of_text,
        total=moving.total,
    )


def _place(cursor: Cursor) -> Lateness:
    late, entry, case_id = cursor.after
    return int(late), int(entry), str(case_id)


async def _moving(
    side: QuerySide, snapshot: Snapshot, asked: AskedCases, where: CaseFilter, seen: AskedPeriod
) -> _Moving:
    """Worked out once for all pages of a list, while nothing happens."""
    as_of = seen.period.as_of

    async def work_out() -> _Moving:
        connection, build = snapshot.reader.connection, snapshot.reader.build
        total, places = await count_matching(connection, _standing(snapshot, as_of), where), list[Lateness]()
        waiting = await cases_to_fold(connection, build, as_of, Exactness.MINUTES, where=MAY_BE_LATE)
        async for rows in snapshot.folding.batches(waiting, snapshot.view(as_of)):
            found = await latest_cases(
                connection, await folded_beside(build, as_of, rows), where, after=None, limit=len(rows)
            )
            places += [lateness_of(record) for record in found]
        return _Moving(places=tuple(sorted(places)), total=total + len(places))

    question = replace(asked, limit=0, cursor=None)
    return await side.remembered(("late", question, seen.period), snapshot, work_out)


def _standing(snapshot: Snapshot, as_of: datetime) -> Relation:
    return stored(snapshot.reader.build, as_of, Exactness.MINUTES)


async def _places(
    snapshot: Snapshot, where: CaseFilter, as_of: datetime, moving: _Moving, *, after: Lateness | None, limit: int
) -> list[Lateness]:
    """The first `limit` places behind `after`, of cases that stand and cases that move."""
    connection = snapshot.reader.connection
    standing = await latest_cases(connection, _standing(snapshot, as_of), where, after=after, limit=limit)
    begin = 0 if after is None else bisect_right(moving.places, after)
    return list(heapq.merge(map(lateness_of, standing), moving.places[begin : begin + limit]))[:limit]


async def _records(snapshot: Snapshot, case_ids: list[str], as_of: datetime) -> list[CaseRecord]:
    """The cases as at the instant, in the order of their ids."""
    connection, build = snapshot.reader.connection, snapshot.reader.build
    chosen, parameters = "c.case_id = ANY(:case_ids)", {"case_ids": case_ids}
    relation = stored(build, as_of, Exactness.MINUTES, where=chosen)
    relation = replace(relation, parameters={**relation.parameters, **parameters})
    limit = max(1, len(case_ids))
    found = await matching_cases(connection, relation, _ALL, limit=limit)
    waiting = await cases_to_fold(connection, build, as_of, Exactness.MINUTES, where=chosen, parameters=parameters)
    async for rows in snapshot.folding.batches(waiting, snapshot.view(as_of)):
        found += await matching_cases(connection, await folded_beside(build, as_of, rows), _ALL, limit=limit)
    by_id = {record["case_id"]: record for record in found}
    return [by_id[case_id] for case_id in case_ids if case_id in by_id]
