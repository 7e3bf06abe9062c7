"""Counts over a period, of everything, by field and by unit: reports, indicators and units are made of these."""

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from tiendo_domain.overdue import resolved_overdue
from tiendo_domain.timeline_types import Basis
from tiendo_query.folding import folded_beside
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.queries.counts import CountedGroup, count_cases
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.refolding import View, all_cases, case_count
from tiendo_read_models.queries.relations import Exactness, Relation
from tiendo_read_models.queries.units import UnitNode, UnitTree, unit_tree

_CASES_READ_AT_ONCE: Final = 1_000

Counts = Counter[str]
Thing = tuple[str | None, str | None]
"""Id and, only without an id, name: how units and fields are told apart."""

Progress = Callable[[int], None]
"""Called with the number of cases that have just been folded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherView:
    """Another view than the read models': what was known at an instant, or another basis. Every case is folded for it."""

    known_at: datetime | None = None
    basis: Basis = Basis.OCCURRED


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts of a set of cases, by what they have in common. `names` are how the cases name fields and units."""

    tree: UnitTree
    total: Counts = field(default_factory=Counter)
    by_field: dict[Thing, Counts] = field(default_factory=lambda: defaultdict(Counter))
    by_own_unit: dict[Thing, Counts] = field(default_factory=lambda: defaultdict(Counter))
    by_unit: dict[Thing, Counts] = field(default_factory=lambda: defaultdict(Counter))
    field_names: dict[Thing, str] = field(default_factory=dict)
    unit_names: dict[Thing, str] = field(default_factory=dict)

    def add(self, group: CountedGroup) -> None:
        """Count a group of cases for everything that it belongs to."""
        unit: Thing = (group.of.unit_id, group.of.unit_name)
        sector: Thing = (group.of.field_id, group.of.field_name)
        self.total.update(group.counts)
        self.by_field[sector].update(group.counts)
        self.by_own_unit[unit].update(group.counts)
        for above in self._line(unit):
            self.by_unit[above].update(group.counts)
        _name(self.field_names, sector, group.field_name)
        _name(self.unit_names, unit, group.unit_name)

    def _line(self, unit: Thing) -> list[Thing]:
        return [unit] if unit[0] is None else [(above, None) for above in self.tree.line(unit[0])]

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


async def tally(
    side: QuerySide,
    snapshot: Snapshot,
    period: Period,
    *,
    units: list[str] | None = None,
    view: OtherView | None = None,
    progress: Progress | None = None,
) -> Tally:
    """The counts of the cases finished in the period or open at its end; `units` (ids) restricts them to responsible units."""
    connection = snapshot.reader.connection
    found = Tally(tree=await unit_tree(connection, snapshot.reader.build, snapshot.rules))
    relations = (
        snapshot.relations(period.as_of, Exactness.COUNTS)
        if view is None
        else _everything(side, snapshot, period.as_of, view, progress)
    )
    async for relation in relations:
        for group in await count_cases(connection, relation, period, zone=snapshot.zone.key, units=units):
            found.add(group)
    return found


async def _everything(
    side: QuerySide, snapshot: Snapshot, as_of: datetime, asked: OtherView, progress: Progress | None
) -> AsyncIterator[Relation]:
    """All cases folded for another view, batch by batch."""
    build, connection = snapshot.reader.build, snapshot.reader.connection
    rules = await side.histories.rules(snapshot.reader.position, known_at=asked.known_at)
    view = View(as_of=as_of, rules=rules, position=snapshot.reader.position, known_at=asked.known_at, basis=asked.basis)
    after = ""
    while cases := await all_cases(connection, build, after=after, limit=_CASES_READ_AT_ONCE):
        async for rows in snapshot.folding.batches(cases, view):
            yield await folded_beside(build, as_of, rows)
        if progress is not None:
            progress(len(cases))
        after = cases[-1].case_id


async def all_case_count(snapshot: Snapshot) -> int:
    """How many cases the snapshot holds, for a progress bar."""
    return await case_count(snapshot.reader.connection, snapshot.reader.build)


def figures(counts: Mapping[str, int]) -> dict[str, int | float | None]:
    """The members of the model `Figures` (rule C, indicators)."""
    overdue = resolved_overdue(counts)
    resolved = counts["resolved"]
    return {
        "resolved": resolved,
        "resolved_overdue": overdue,
        "actual": counts["actual"],
        "late_entry": counts["late_entry"],
        "unproven": counts["unproven"],
        "pause_not_respected": counts["pause_not_respected"],
        "on_time_ratio": None if resolved == 0 else 1 - overdue / resolved,
        "open": counts["open"],
        "open_overdue": counts["open_overdue"],
        "declined": counts["declined"],
        "withdrawn": counts["withdrawn"],
        "recorded_later": counts["recorded_later"],
    }
