"""Sums over all cases, counted anew or carried on.

The cases that may say something else by now are counted twice by the one definition of the figure: as the kept snapshot shows them, which goes
out, and as the present one does, which comes in.
"""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.calendar.minutes import minute_of
from tiendo_domain.rules import RuleBook
from tiendo_query.query_side import Snapshot
from tiendo_query.questions.periods import AskedPeriod
from tiendo_query.sums.grouped_sums import Sums, added, subtracted
from tiendo_query.sums.kept_snapshots import KeptSnapshot
from tiendo_query.sums.remembered_folds import Wanted, any_case
from tiendo_read_models.builds import Reader
from tiendo_read_models.queries.cases.changes import changed_since, revisions_of
from tiendo_read_models.queries.cases.relations import Exactness, Relation
from tiendo_read_models.queries.periods import Period

CHANGED_MAX: Final = 2_000
"""Where more cases than these have changed, everything is counted anew."""

_CHANGED: Final = "c.case_id = ANY(CAST(:changed AS text[]))"
_MOVED_WITH_TIME: Final = """c.last_event_at >= :moved_from
    OR (c.finished_at IS NULL AND c.overdue_after >= :moved_from AND c.overdue_after <= :moved_to)"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SumOver:
    """What is summed: by `count` over cases that are exact enough; `key` tells the question from all others.

    `where_folded` are, of the cases whose rows do not stand, those that count at all. `by_minutes`: within one minute nothing of a case
    changes by time alone (rule T2), but for what becomes overdue.
    """

    key: Hashable
    exactness: Exactness
    period: Callable[[datetime], AskedPeriod]
    count: Callable[[AsyncConnection, Relation, Period], Awaitable[Sums]]
    where_folded: str = "TRUE"
    by_minutes: bool = False
    but_for: str = "FALSE"
    """The condition on `c` for cases of which something may change within a minute."""
    wanted: Wanted = any_case
    """Of the cases whose rows do not stand, those that count at all once they are folded."""
    in_part: bool = False
    """Whether cases are counted too that the caller sees in part, with the caller's own holds and shares."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptSum:
    """The sum as at `now`: of the cases whose rows stand, and of those that were folded again."""

    now: datetime
    period: AskedPeriod
    standing: Sums
    folded: Sums

    @property
    def total(self) -> Sums:
        """The sum of both."""
        return added(self.standing, self.folded)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """The sum of a question when it was last asked, at `asked_at` of the loop's clock, or carried on since; kept under `key`."""

    key: Hashable
    asked: SumOver
    asked_at: float
    found: KeptSum
    rules: RuleBook
    snapshot: KeptSnapshot

    def belongs_to(self, snapshot: Snapshot) -> bool:
        """Whether the snapshot is of the same build, and of the very rules: of other facts of any log a new rule book is made."""
        return self.snapshot.state[0] == snapshot.reader.build.build_id and self.rules is snapshot.rules


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """Some of the cases: the condition on `c`, and the values of its parameters."""

    where: str = "TRUE"
    values: Mapping[str, object] = field(default_factory=dict)


async def counted(snapshot: Snapshot, asked: SumOver, now: datetime) -> KeptSum:
    """The sum over all cases of the snapshot as at `now`."""
    period = asked.period(now)
    standing, folded = await _sums(snapshot, asked, period.period, _Parts(), where_folded=asked.where_folded)
    return KeptSum(now=now, period=period, standing=standing, folded=folded)


async def _sums(
    snapshot: Snapshot, asked: SumOver, period: Period, parts: _Parts, *, where_folded: str | None
) -> tuple[Sums, Sums]:
    """The sums of the cases whose rows stand and of those folded again; no `where_folded`: nothing is folded."""
    relations = snapshot.relations(
        period.as_at,
        asked.exactness,
        where=parts.where,
        where_folded=where_folded or "FALSE",
        parameters=parts.values,
        in_part=asked.in_part,
        wanted=asked.wanted,
    )
    connection = snapshot.reader.connection
    standing: Sums | None = None
    folded: Sums = {}
    async for relation in relations:
        part = await asked.count(connection, relation, period)
        if standing is None:
            standing = part
        else:
            folded = added(folded, part)
    return standing or {}, folded


async def carried(snapshot: Snapshot, asked: SumOver, now: datetime, before: Kept) -> KeptSum | None:
    """What was kept, carried on to the snapshot and to `now`; None where it has to be counted anew."""
    period, was, kept = asked.period(now), before.found.period.period, before.found
    reader = snapshot.reader
    async with before.snapshot.asking:
        old = before.snapshot.reader
        changed = None if before.snapshot.closed else await _changed_between(before.snapshot, reader)
        if changed is None or len(changed) > CHANGED_MAX:
            return None
        same_moment = was == period.period
        if same_moment and not changed:
            return replace(kept, now=now, period=period)
        anew = not (same_moment or (asked.by_minutes and minute_of(was.as_of) == minute_of(period.period.as_of)))
        parts = _Parts(
            where=_CHANGED if same_moment else f"({_CHANGED} OR {_MOVED_WITH_TIME} OR {asked.but_for})",
            values={"changed": changed} if same_moment else {"changed": changed, **_between(was, period.period)},
        )
        again = f"{parts.where} AND {asked.where_folded}"
        # The position says which rules hold, and these are the same: those of the kept snapshot's own may be older.
        then = replace(snapshot, reader=replace(old, position=reader.position))
        try:
            gone = await _sums(then, asked, was, parts, where_folded=None if anew else again)
        except (SQLAlchemyError, OSError):
            before.snapshot.closed = True
            return None
    come = await _sums(snapshot, asked, period.period, parts, where_folded=asked.where_folded if anew else again)
    return KeptSum(
        now=now,
        period=period,
        standing=added(subtracted(kept.standing, gone[0]), come[0]),
        folded=come[1] if anew else added(subtracted(kept.folded, gone[1]), come[1]),
    )


async def _changed_between(kept: KeptSnapshot, reader: Reader) -> list[str] | None:
    """The ids of the cases that the two may show otherwise, more than CHANGED_MAX where they are too many; None where the database has ended the kept one.

    One that was restored, or only started again, may have other rows of the same revisions. The kept one may be the newer of the two: somebody whose
    snapshot was opened later may have been answered first.
    """
    if kept.compared is not None and kept.compared[0] is reader:
        return kept.compared[1]
    seen = await revisions_of(reader.connection, reader.build)
    try:
        newer = await changed_since(kept.reader.connection, reader.build, seen, limit=CHANGED_MAX + 1)
    except (SQLAlchemyError, OSError):
        kept.closed = True
        return None
    changed = newer or await changed_since(reader.connection, reader.build, kept.state[1], limit=CHANGED_MAX + 1)
    kept.compared = (reader, changed)
    return changed


def _between(one: Period, other: Period) -> dict[str, object]:
    """The span between the instants at which the two look at cases."""
    return {"moved_from": min(one.as_of, other.as_of), "moved_to": max(one.as_of, other.as_of)}
