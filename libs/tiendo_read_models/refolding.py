"""The refold list of a build: cases to fold again because the rules changed, or because they are too large to fold with every event."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    any_,
    false,
    func,
    literal,
    null,
    or_,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.shards import SHARD_COUNT
from tiendo_domain.rules import RuleBook, Touched
from tiendo_read_models import tables

LARGE_CASE_EVENTS = 10_000
"""A case of more events is folded at most every LARGE_CASE_INTERVAL, and marked while its rows lack something."""
LARGE_CASE_INTERVAL = timedelta(seconds=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKey:
    """A case and its shard."""

    case_id: str
    shard: int


async def known_sizes(connection: AsyncConnection, case_ids: Sequence[str]) -> dict[str, int]:
    """Code -> number of the events of its case when that was folded last; without those that the build does not know."""
    cases, aliases = tables.cases.c, tables.aliases.c
    of_aliases = select(aliases.code.label("case_id"), cases.event_count).join_from(
        tables.aliases, tables.cases, aliases.case_id == cases.case_id
    )
    counts = [
        of_aliases.where(aliases.code == any_(_keys(case_ids))),
        *(
            select(table.c.case_id, table.c.event_count).where(table.c.case_id == any_(_keys(case_ids)))
            for table in (tables.cases, tables.faults)
        ),
    ]
    return {row.case_id: row.event_count for row in await connection.execute(union_all(*counts))}


async def due_refolds(connection: AsyncConnection, shards: Collection[int], *, limit: int) -> list[CaseKey]:
    """At most `limit` cases of `shards` that are to be folded again now."""
    table = tables.refolds
    statement = select(table.c.case_id, table.c.shard).where(table.c.shard.in_(sorted(shards)))
    statement = statement.where(or_(table.c.not_before.is_(None), table.c.not_before <= func.now()))
    rows = await connection.execute(statement.order_by(table.c.shard, table.c.case_id).limit(limit))
    return [CaseKey(case_id=row.case_id, shard=row.shard) for row in rows]


async def postpone(connection: AsyncConnection, large: Sequence[CaseKey]) -> None:
    """Put large cases on the list, to be folded LARGE_CASE_INTERVAL from now; one that is on it keeps its time."""
    if not large:
        return
    statement = insert(tables.refolds).values(not_before=func.now() + LARGE_CASE_INTERVAL)
    await connection.execute(
        statement.on_conflict_do_nothing(), [{"shard": key.shard, "case_id": key.case_id} for key in large]
    )


async def put_faults(connection: AsyncConnection, shards: Collection[int]) -> None:
    """Put every faulty case of `shards` on the list: other rules or another version may be able to fold it."""
    columns = tables.faults.c
    await _put(connection, select(columns.shard, columns.case_id, null()).where(columns.shard.in_(sorted(shards))))


async def put_touched(
    connection: AsyncConnection,
    shards: Collection[int],
    before: RuleBook,
    now: RuleBook,
    among: ColumnElement[bool] | None = None,
) -> int:
    """The number of cases of `shards` put on the list because `now` may show them otherwise than `before` (rule T6).

    Cases of codes that were ever joined are put on it wherever they lie: each of the codes' shards may have folded them by what was known there,
    also where the join was annulled (rule N4).
    Faulty ones are tried again too, for the rules may be what they failed at. `among`: only cases that it holds for, for rules that not all
    cases of the build go by.
    """
    touched = now.touched_by(before)
    if touched.nothing:
        return 0
    await put_faults(connection, shards)
    concerned = await _concerned(_Change(connection=connection, shards=shards, touched=touched, before=before, now=now))
    if among is not None:
        concerned &= among
    cases = select(tables.cases.c.shard, tables.cases.c.case_id, null()).where(concerned, _projected_in(shards))
    return await _put(connection, cases)


async def count_touched(connection: AsyncConnection, before: RuleBook, now: RuleBook) -> int:
    """The number of cases that `put_touched` would put on the list, of all shards."""
    touched = now.touched_by(before)
    if touched.nothing:
        return 0
    shards = range(SHARD_COUNT)
    concerned = await _concerned(_Change(connection=connection, shards=shards, touched=touched, before=before, now=now))
    return int(await connection.scalar(select(func.count()).select_from(tables.cases).where(concerned)) or 0)


async def _concerned(change: "_Change") -> ColumnElement[bool]:
    return or_(
        *[
            await change.in_calendars(),
            await change.in_procedures(),
            await change.below_units(),
            await change.renamed(),
        ],
        change.of_officers(),
    )


def _projected_in(shards: Collection[int]) -> ColumnElement[bool]:
    """The condition that one of the shards may have folded the case."""
    columns = tables.cases.c
    return or_(columns.shard.in_(sorted(shards)), func.cardinality(columns.told_codes) > 0)


async def _put(connection: AsyncConnection, cases: Select[Any]) -> int:
    columns = [column.name for column in tables.refolds.columns]
    statement = insert(tables.refolds).from_select(columns, cases)
    # A large case that waits for its time neither waits longer nor jumps the queue.
    return int((await connection.execute(statement.on_conflict_do_nothing())).rowcount)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One change of the rules; each method gives the condition under which a case is concerned by one part of it.

    The values that stand in the build are judged one by one, by the domain's own word for it, and then looked for.
    """

    connection: AsyncConnection
    shards: Collection[int]
    touched: Touched
    before: RuleBook
    now: RuleBook

    async def in_calendars(self) -> ColumnElement[bool]:
        column = tables.cases.c.calendar_version
        found = await self._distinct(column) if self.touched.calendars else []
        return column.in_([version for (version,) in found if self._concerns(calendar_version=version)])

    async def in_procedures(self) -> ColumnElement[bool]:
        column = tables.cases.c.procedure_id
        found = await self._distinct(column) if self.touched.procedures else []
        return column.in_([procedure for (procedure,) in found if self._concerns(procedure_id=procedure)])

    async def below_units(self) -> ColumnElement[bool]:
        columns = tables.cases.c
        found = await self._distinct(columns.unit_id, columns.unit_parents) if self.touched.units else []
        pairs = [
            (unit, parents)
            for unit, parents in found
            if self._concerns(line=set(unit_line(unit, parents, self.before, self.now)))
        ]
        if not pairs:
            return false()
        units = func.unnest(literal([unit for unit, _ in pairs], ARRAY(columns.unit_id.type)))
        parents = func.unnest(literal([parents for _, parents in pairs], ARRAY(JSONB)))
        return tuple_(columns.unit_id, columns.unit_parents).in_(select(units, parents))

    async def renamed(self) -> ColumnElement[bool]:
        """A holder's name is on one of the two placeholder lists and not on the other (rule H3).

        Another list is all that touches every case, and it does so through these names alone.
        """
        column = tables.cases.c.holder_names
        found = await self._distinct(func.unnest(column)) if self.touched.all_cases else []
        changed = [name for (name,) in found if self.before.is_placeholder(name) != self.now.is_placeholder(name)]
        return column.overlap(changed) if changed else false()

    def of_officers(self) -> ColumnElement[bool]:
        """Somebody occurs whose absences are others now, or who is another person (rules H10, H11)."""
        if not self.touched.officers:
            return false()
        columns = tables.cases.c
        occurring = select(columns.case_id, func.unnest(columns.officer_ids).label("officer")).subquery()
        touched = func.unnest(literal(sorted(self.touched.officers), columns.officer_ids.type))
        return columns.case_id.in_(select(occurring.c.case_id).where(occurring.c.officer.in_(select(touched))))

    async def _distinct(self, *columns: ColumnElement[Any]) -> Sequence[tuple[Any, ...]]:
        statement = select(*columns).where(_projected_in(self.shards)).distinct()
        return [tuple(row) for row in await self.connection.execute(statement)]

    def _concerns(
        self, *, calendar_version: str = "", procedure_id: str | None = None, line: Collection[str] = ()
    ) -> bool:
        parts = replace(self.touched, all_cases=False)
        return parts.concerns(calendar_version=calendar_version, procedure_id=procedure_id, unit_line=line)


def unit_line(unit_id: str | None, parents: dict[str, str], *books: RuleBook) -> Iterator[str]:
    """The unit and all above it, by the parents that any of the rule books configures and by those that the case's events name."""
    seen: set[str] = set()
    pending = [] if unit_id is None else [unit_id]
    while pending:
        unit = pending.pop()
        if unit in seen:
            continue
        seen.add(unit)
        yield unit
        named = [book.parent_of(unit, parents) for book in books] + [parents.get(unit)]
        pending.extend(parent for parent in named if parent is not None)


def _keys(case_ids: Sequence[str]) -> ColumnElement[Any]:
    return literal(list(case_ids), ARRAY(tables.cases.c.case_id.type))
