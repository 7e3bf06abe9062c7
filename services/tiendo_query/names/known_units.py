"""Which units there are: what decides whether a question about a unit is answered or refused."""

from bisect import bisect_right
from dataclasses import replace

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans
from tiendo_read_models.queries.units import UnitTree, UnitTrees, holds_anything


async def known_trees(snapshot: Snapshot) -> UnitTrees:
    """All units that rules or events name, and whose children they are, on every day; of them those that the caller sees."""
    seen = None if snapshot.sight is None else snapshot.sight.units.names
    return await snapshot.units.trees(snapshot.reader.connection, snapshot.reader.build, snapshot.rules, seen)


async def tree_of(snapshot: Snapshot, period: Period) -> UnitTree:
    """The tree as it stands at the period's end."""
    return (await known_trees(snapshot)).of_span(spans_of(snapshot, period).last)


def spans_of(snapshot: Snapshot, period: Period) -> TreeSpans:
    """By which tree each case of the period counts."""
    return TreeSpans.up_to(period.last_moment, days=snapshot.rules.unit_days, zone=snapshot.zone)


async def known_subtree(snapshot: Snapshot, unit_id: str, period: Period, *, field: str = "unit") -> CountedUnits:
    """The units whose cases of the period count for the unit: itself and all below it, by the tree of each case; `field` asked for it.

    Raises the refusal of a unit that no rule and no event names by this id: it has no figures, not figures of nothing. To a bound caller every unit
    outside their subtrees is such a one.
    """
    trees = await known_trees(snapshot)
    if not await _is_known(snapshot, trees, unit_id):
        raise Refusal(ProblemKind.UNIT_UNKNOWN, field=field)
    return trees.subtree(unit_id, spans_of(snapshot, period))


async def _is_known(snapshot: Snapshot, trees: UnitTrees, unit_id: str) -> bool:
    if snapshot.sight is not None:
        return unit_id in snapshot.sight.units.inside
    reader = snapshot.reader
    return "\x00" not in unit_id and (
        trees.is_known(unit_id) or await holds_anything(reader.connection, reader.build, unit_id)
    )


def moved_out_of(snapshot: Snapshot, trees: UnitTrees, period: Period) -> frozenset[str]:
    """The units that had, on a day of the period, configured units below them which the tree of today puts out of the caller's sight.

    Cases of these count there, and the caller, who sees by the tree of today, does not see them. Nobody who sees everything misses any.
    """
    if snapshot.sight is None:
        return frozenset()
    inside, whole = snapshot.sight.units.inside, replace(trees, seen=None)
    spans = range(
        bisect_right(trees.days, period.start.astimezone(snapshot.zone).date()), spans_of(snapshot, period).last + 1
    )
    outside = [unit for unit in snapshot.rules.unit_rules if unit not in inside]
    return frozenset(
        above for span in spans for unit in outside for above in whole.of_span(span).line(unit) if above in inside
    )


def is_inside(snapshot: Snapshot, unit_id: str | None) -> bool:
    """Whether figures of the unit are the caller's to see; of those above the caller's own units the names alone are."""
    return snapshot.sight is None or unit_id in snapshot.sight.units.inside


def is_above(snapshot: Snapshot, unit_id: str) -> bool:
    """Whether the caller sees of the unit nothing but its name."""
    return snapshot.sight is not None and unit_id in snapshot.sight.units.names and not is_inside(snapshot, unit_id)
