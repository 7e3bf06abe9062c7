"""Counts over a period, of everything, by field and by unit: reports, indicators and units are made of these."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.answers.quality import QualityMark
from tiendo_domain.overdue import resolved_overdue, resolved_overdue_by_rule
from tiendo_query.names.known_units import known_trees, moved_out_of, spans_of
from tiendo_query.quality.quality_marks import quality_mark
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod
from tiendo_query.sums.carried_sums import SumOver
from tiendo_query.sums.counted_views import CountedView, counting
from tiendo_query.sums.grouped_sums import Sums, added
from tiendo_read_models.queries.cases.refolding import ToFold, all_cases, case_count
from tiendo_read_models.queries.cases.relations import Exactness, Relation
from tiendo_read_models.queries.counts import COUNT_NAMES, CountedFor, count_cases
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans
from tiendo_read_models.queries.units import UnitNode, UnitTree, UnitTrees
from tiendo_runtime.bounded_work import work_through

_CASES_READ_AT_ONCE: Final = 1_000
_AS_COUNTED: Final = (
    *("resolved", "actual", "actual_by_rule", "late_entry", "late_entry_by_rule", "unproven", "unproven_by_rule"),
    *("pause_not_respected", "late_sync", "open", "open_overdue", "declined", "withdrawn", "recorded_later"),
    *("lateness_by_rule_minutes", "late_entry_of_cases_minutes", "late_entry_of_cases_by_rule_minutes"),
)
"""The members of figures that are counts and sums of the same name."""

Counts = Counter[str]
Thing = tuple[str | None, str | None]
"""Id and, only without an id, name: how units and fields are told apart."""

Progress = Callable[[int], None]
"""Called with the number of cases that have just been folded."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts of a set of cases, by what they have in common; each counts for units by the tree of its own day.

    `tree` is that of the period's end. Of the units `moved_out_of` cases are missing
    that the caller does not see any more. `names` are how the cases name fields and units.
    """

    trees: UnitTrees
    tree: UnitTree
    moved_out_of: frozenset[str] = frozenset()
    total: Counts = field(default_factory=Counter)
    by_field: dict[Thing, Counts] = field(default_factory=lambda: defaultdict(Counter))
    by_own_unit: dict[Thing, Counts] = field(default_factory=lambda: defaultdict(Counter))
    by_unit: dict[Thing, Counts] = field(default_factory=lambda: defaultdict(Counter))
    field_names: dict[Thing, str] = field(default_factory=dict)
    unit_names: dict[Thing, str] = field(default_factory=dict)

    def add(self, group: CountedFor, counts: Sequence[int]) -> None:
        """Count a group of cases for everything that it belongs to."""
        unit: Thing = (None, group.unit_name) if group.unit_id is None else (self._carried(group), None)
        sector: Thing = (group.field_id, None if group.field_id is not None else group.field_name)
        found = {name: count for name, count in zip(COUNT_NAMES, counts, strict=True) if count}
        for counted in (self.total, self.by_field[sector], self.by_own_unit[unit]):
            counted.update(found)
        for above in self._line(unit, group.span):
            self.by_unit[above].update(found)
        _name(self.field_names, sector, group.field_name)
        if unit[0] == group.unit_id:
            _name(self.unit_names, unit, group.unit_name)

    def _carried(self, group: CountedFor) -> str | None:
        return None if group.unit_id is None else self.trees.carried_on_by(group.unit_id, group.span)

    def _line(self, unit: Thing, span: int) -> list[Thing]:
        return [unit] if unit[0] is None else [(above, None) for above in self.trees.of_span(span).line(unit[0])]

    def leaves_out(self, unit_id: str | None) -> bool:
        """Whether figures of the unit, or of everything (None), lack cases because a re-organisation took their units out of the caller's sight."""
        return bool(self.moved_out_of) if unit_id is None else unit_id in self.moved_out_of

    @property
    def simulated(self) -> bool:
        """Whether simulated cases are among those counted."""
        return self.total["simulated"] > 0

    def node(self, unit: Thing) -> UnitNode:
        """How the unit is shown."""
        known = self.tree.nodes.get(unit[0]) if unit[0] is not None else None
        name = (None if known is None else known.name) or unit[1] or self.unit_names.get(unit)
        return UnitNode(
            id=unit[0] or "",
            name=name,
            level=None if known is None else known.level,
            parent=None if known is None else known.parent,
        )


def _name(names: dict[Thing, str], thing: Thing, name: str | None) -> None:
    """Keep the greatest name by code point: one that does not depend on the order of counting."""
    if name is not None:
        names[thing] = max(name, names.get(thing, name))


def tally_question(
    key: Hashable, period: Callable[[datetime], AskedPeriod], spans: TreeSpans, units: CountedUnits | None
) -> SumOver:
    """The counts of the cases finished in the period or open at its end, by `spans`; `units` restricts them to responsible units."""

    async def count(connection: AsyncConnection, relation: Relation, of: Period) -> Sums:
        found = await count_cases(connection, relation, of, spans=spans, units=units)
        return dict(found.items())

    return SumOver(
        key=("counts", key, spans, None if units is None else units.by_span),
        exactness=Exactness.COUNTS,
        period=period,
        count=count,
    )


async def tally_of(snapshot: Snapshot, sums: Sums, period: Period) -> Tally:
    """The counts over the period by everything that the cases belong to."""
    trees = await known_trees(snapshot)
    tree = trees.of_span(spans_of(snapshot, period).last)
    found = Tally(trees=trees, tree=tree, moved_out_of=moved_out_of(snapshot, trees, period))
    for group, counts in sums.items():
        if isinstance(group, CountedFor):
            found.add(group, counts)
    return found


async def tally_for(
    side: QuerySide, snapshot: Snapshot, counted: CountedView, *, processes: int, progress: Progress | None
) -> Tally:
    """The same counts of all cases folded for another view, many at a time."""
    found: Sums = {}

    def take(cases: Sequence[ToFold], sums: Sums) -> None:
        nonlocal found
        found = added(found, sums)
        if progress is not None:
            progress(len(cases))

    cases = await all_case_count(snapshot)
    async with counting(side, snapshot, counted, cases=cases, processes=processes) as count:
        # One by one here: all goes over one connection.
        await work_through(_all_cases(snapshot), count, take, at_once=1 if processes == 1 else 2 * processes)
    return await tally_of(snapshot, found, counted.period)


async def _all_cases(snapshot: Snapshot) -> AsyncIterator[Sequence[ToFold]]:
    build, connection, after = snapshot.reader.build, snapshot.reader.connection, ""
    while cases := await all_cases(connection, build, after=after, limit=_CASES_READ_AT_ONCE):
        yield cases
        after = cases[-1].case_id


async def all_case_count(snapshot: Snapshot) -> int:
    """How many cases the snapshot holds, for a progress bar."""
    return await case_count(snapshot.reader.connection, snapshot.reader.build)


def figures(counts: Mapping[str, int], quality_href: str) -> dict[str, int | float | QualityMark | None]:
    """The members of the model `Figures` (rule C, indicators); `quality_href` is where more stands on how far they can be trusted."""
    overdue, overdue_by_rule = resolved_overdue(counts), resolved_overdue_by_rule(counts)
    return {
        **{name: counts[name] for name in _AS_COUNTED},
        "resolved_overdue": overdue,
        "resolved_overdue_by_rule": overdue_by_rule,
        "on_time_ratio": _on_time(counts, overdue),
        "on_time_by_rule_ratio": _on_time(counts, overdue_by_rule),
        "lateness_minutes": counts["attributed_minutes"],
        "quality": quality_of(counts, quality_href),
    }


def _on_time(counts: Mapping[str, int], overdue: int) -> float | None:
    resolved = counts["resolved"]
    return None if resolved == 0 else 1 - overdue / resolved


def quality_of(counts: Mapping[str, int], href: str) -> QualityMark:
    """How far the counts can be trusted."""
    return quality_mark(counts["attributed_minutes"], counts["doubtful_minutes"], href)
