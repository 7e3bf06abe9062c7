"""The flow of a period's cases between units: every unit below the one that is looked at, or of the province every agency, is one place."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_query.breakdowns.period_sums import AskedTime, summed
from tiendo_query.names.known_units import known_subtree, tree_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod
from tiendo_query.sums.grouped_sums import Sums
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.flows import Groups, Handover, Stay, count_flows
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import TreeSpans
from tiendo_read_models.queries.units import UnitTree


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver:
    """What went from one place to another: cases, handovers, those of them that came late, and the minutes that these inherited."""

    handover: Handover
    cases: int
    handovers: int
    late_handovers: int
    inherited_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stayed:
    """What was added at one place: cases and holds there, minutes of lateness added in these holds, minutes won back in others."""

    place: str
    cases: int
    holds: int
    added_minutes: int
    won_back_minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFlow:
    """The flow as it is looked at: from the unit (None: from above everything)."""

    unit: str | None
    whole: bool
    period: AskedPeriod
    tree: UnitTree
    handed: tuple[HandedOver, ...]
    stays: Mapping[str, Stayed]

    def into(self, place: str) -> list[HandedOver]:
        """What came to the place, most inherited minutes first."""
        return [one for one in self.handed if one.handover.receiver == place]

    def out_of(self, place: str) -> list[HandedOver]:
        """What went from the place, most inherited minutes first."""
        return [one for one in self.handed if one.handover.giver == place]


async def unit_flow(
    side: QuerySide, snapshot: Snapshot, asked: AskedTime, unit: str | None, *, whole: bool = False
) -> UnitFlow:
    """The flow seen from the unit; `whole`: its subtree is one place. Raises the refusal of a unit that nothing names."""
    now = asked.now or side.now()
    period = asked.seen(snapshot, now).period
    if unit is not None:
        await known_subtree(snapshot, unit, period)
    tree = await tree_of(snapshot, period)
    groups = groups_seen_from(tree, unit, whole=whole)

    async def count(
        connection: AsyncConnection, relation: Relation, of: Period, _: TreeSpans
    ) -> Mapping[Handover | Stay, tuple[int, ...]]:
        return await count_flows(connection, relation, of, groups)

    found = await summed(side, snapshot, asked, ("flows", groups.key), count)
    return UnitFlow(
        unit=unit,
        whole=whole,
        period=found.period,
        tree=tree,
        handed=tuple(sorted(_handed(found.total), key=_most_inherited)),
        stays=_stays(found.total),
    )


def groups_seen_from(tree: UnitTree, unit: str | None, *, whole: bool) -> Groups:
    """As which place each unit stands: outside the unit as its agency (directly below a top of the tree), inside as the one directly below the unit.

    What has nothing below a top but itself is its own agency, and so is a top.
    """
    tops = {node.id for node in tree.nodes.values() if node.parent not in tree.nodes}
    agencies = frozenset(tops.union(*(tree.children.get(top, ()) for top in tops)))
    inside = frozenset[str]() if unit is None else frozenset(tree.subtree(unit))
    directly_below = frozenset[str]() if unit is None or whole else frozenset(tree.children.get(unit, ()))
    return Groups(
        place_of={
            unit_id: _first_above(tree, unit_id, directly_below, otherwise=str(unit))
            if unit_id in inside
            else _first_above(tree, unit_id, agencies, otherwise=unit_id)
            for unit_id in tree.nodes
        }
    )


def _first_above(tree: UnitTree, unit_id: str, among: frozenset[str], *, otherwise: str) -> str:
    """The unit itself, or the nearest above it, that is one of these."""
    return next((above for above in tree.line(unit_id) if above in among), otherwise)


def _handed(sums: Sums) -> list[HandedOver]:
    return [
        HandedOver(
            handover=key,
            cases=numbers[0],
            handovers=numbers[1],
            late_handovers=numbers[2],
            inherited_minutes=numbers[3],
        )
        for key, numbers in sums.items()
        if isinstance(key, Handover)
    ]


def _stays(sums: Sums) -> dict[str, Stayed]:
    return {
        key.place: Stayed(
            place=key.place, cases=numbers[0], holds=numbers[1], added_minutes=numbers[2], won_back_minutes=numbers[3]
        )
        for key, numbers in sums.items()
        if isinstance(key, Stay)
    }


def _most_inherited(one: HandedOver) -> tuple[int, int, str, str]:
    return -one.inherited_minutes, -one.handovers, one.handover.giver, one.handover.receiver
