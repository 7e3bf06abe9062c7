"""Sums over a period that are kept from question to question, by the tree of units of each case."""

from collections.abc import Awaitable, Callable, Hashable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.instants import Instant
from tiendo_query.names.known_units import spans_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod, asked_period
from tiendo_query.sums.carried_sums import KeptSum, SumOver
from tiendo_query.sums.kept_sums import kept_sum
from tiendo_read_models.queries.cases.relations import Exactness, Relation
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import TreeSpans

MAY_HAVE_FINISHED: Final = "(c.finished_at IS NOT NULL OR c.last_event_at > :as_of)"
"""Of the cases whose rows do not stand, those that may have been finished at `:as_of`: all that figures of finished cases need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedTime:
    """The period that is asked about; `now` is the instant that a cursor has kept."""

    start: date | Instant | None
    end: date | Instant | None
    as_of: Instant | None = None
    now: datetime | None = None

    def seen(self, snapshot: Snapshot, now: datetime) -> AskedPeriod:
        """The period as it is shown at `now`; raises the refusal of one that ends before it begins."""
        return asked_period(self.start, self.end, as_of=self.as_of, now=now, zone=snapshot.zone)


Count = Callable[[AsyncConnection, Relation, Period, TreeSpans], Awaitable[Mapping[Any, tuple[int, ...]]]]


async def summed(
    side: QuerySide,
    snapshot: Snapshot,
    asked: AskedTime,
    question: Hashable,
    count: Count,
    *,
    where_folded: str = MAY_HAVE_FINISHED,
) -> KeptSum:
    """What `count` counts over the cases that the caller sees whole; `question` tells it from all other sums of the period."""
    now = asked.now or side.now()
    spans = spans_of(snapshot, asked.seen(snapshot, now).period)

    async def counted(
        connection: AsyncConnection, relation: Relation, of: Period
    ) -> Mapping[Hashable, tuple[int, ...]]:
        return dict(await count(connection, relation, of, spans))

    over = SumOver(
        key=(question, asked.start, asked.end, asked.as_of, spans),
        exactness=Exactness.COUNTS,
        period=lambda at: asked.seen(snapshot, at),
        count=counted,
        where_folded=where_folded,
    )
    return await kept_sum(side, snapshot, over, now=now)
