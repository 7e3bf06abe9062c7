"""One officer beside others in the same steps: distributions, no ranking, and no names."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_query.breakdowns.period_sums import AskedTime, summed
from tiendo_query.breakdowns.procedure_steps import Distribution
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.grouped_sums import Sums
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.peers import AccountHolder, AccountMinutes, StepOfProcedure, count_peers
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import TreeSpans

PEERS_MIN: Final = 3
"""Of fewer others a distribution would say what one of them did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerComparison:
    """A step in which the officer had cases: the officer's working minutes of a case, and those of at least `PEERS_MIN` others."""

    of: StepOfProcedure
    own: Distribution
    others: Distribution
    peers: int


async def peer_comparisons(
    side: QuerySide, snapshot: Snapshot, asked: AskedTime, officer_key: str, steps: Collection[StepOfProcedure]
) -> list[PeerComparison]:
    """The steps in which enough others had cases that the caller sees whole, those with most of the officer's cases first."""
    wanted = tuple(sorted(steps, key=lambda one: (one.procedure_id, one.step)))
    if not wanted:
        return []

    async def count(
        connection: AsyncConnection, relation: Relation, of: Period, _: TreeSpans
    ) -> Mapping[AccountMinutes | AccountHolder, tuple[int]]:
        return await count_peers(connection, relation, of, officer_key, wanted)

    found = await summed(side, snapshot, asked, ("peers", officer_key, wanted), count)
    return _compared(found.total, officer_key)


def _compared(sums: Sums, officer_key: str) -> list[PeerComparison]:
    own: dict[StepOfProcedure, Distribution] = defaultdict(Distribution)
    others: dict[StepOfProcedure, Distribution] = defaultdict(Distribution)
    people = Counter[StepOfProcedure]()
    for key, (accounts,) in sums.items():
        if isinstance(key, AccountHolder):
            people[key.of] += key.key != officer_key
        elif isinstance(key, AccountMinutes):
            (own if key.own else others)[key.of].add(key.minutes, accounts)
    compared = [
        PeerComparison(of=of, own=mine, others=others[of], peers=people[of])
        for of, mine in own.items()
        if people[of] >= PEERS_MIN
    ]
    return sorted(compared, key=lambda one: (-one.own.cases, one.of.procedure_id, one.of.step))
