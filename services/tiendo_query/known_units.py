"""Which units there are: what decides whether a question about a unit is answered or refused."""

from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans
from tiendo_read_models.queries.units import UnitTree, UnitTrees, holds_anything, unit_trees


async def known_trees(snapshot: Snapshot) -> UnitTrees:
    """All units that rules or events name, and whose children they are, on every day."""
    return await unit_trees(snapshot.reader.connection, snapshot.reader.build, snapshot.rules)


async def tree_of(snapshot: Snapshot, period: Period) -> UnitTree:
    """The tree as it stands at the period's end."""
    return (await known_trees(snapshot)).of_span(spans_of(snapshot, period).last)


def spans_of(snapshot: Snapshot, period: Period) -> TreeSpans:
    """By which tree each case of the period counts."""
    return TreeSpans.up_to(period.last_moment, days=snapshot.rules.unit_days, zone=snapshot.zone)


async def known_subtree(snapshot: Snapshot, unit_id: str, period: Period, *, field: str = "unit") -> CountedUnits:
    """The units whose cases of the period count for the unit: itself and all below it, by the tree of each case; `field` asked for it.

    Raises the refusal of a unit that no rule and no event names by this id: it has no figures, not figures of nothing.
    """
    connection, build = snapshot.reader.connection, snapshot.reader.build
    trees = await known_trees(snapshot)
    named = "\x00" not in unit_id and (trees.is_known(unit_id) or await holds_anything(connection, build, unit_id))
    if not named:
        raise Refusal(ProblemKind.UNIT_UNKNOWN, field=field)
    return trees.subtree(unit_id, spans_of(snapshot, period))
