"""The tree of units, from what is configured and from what events say."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline_types import PartyKind
from tiendo_read_models.builds import Build
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans

Stated = tuple[str | None, str | None, str | None]
"""Name, parent and level of a unit, as events say."""
NOTHING_STATED: Final[Stated] = (None, None, None)
_BEHIND_KEY: Final = 1
"""The code point between a statement's key and its text: below all that keys are made of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitNode:
    """A unit in the tree; what nobody said is None."""

    id: str
    name: str | None
    level: str | None
    parent: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTree:
    """All units by id, and whose children they are. A circle of parents is followed once round."""

    nodes: Mapping[str, UnitNode]
    children: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, nodes: Iterable[UnitNode]) -> "UnitTree":
        """The tree of the nodes; a parent that is no node itself becomes one."""
        by_id = {node.id: node for node in nodes}
        for parent in {node.parent for node in by_id.values() if node.parent is not None} - by_id.keys():
            by_id[parent] = UnitNode(id=parent, name=None, level=None, parent=None)
        children: dict[str, list[str]] = {}
        for node in by_id.values():
            if node.parent is not None and node.parent != node.id:
                children.setdefault(node.parent, []).append(node.id)
        return cls(nodes=by_id, children={parent: tuple(sorted(below)) for parent, below in children.items()})

    def subtree(self, unit_id: str) -> list[str]:
        """The unit and all below it, sorted by id; the unit alone where it is not in the tree."""
        found = {unit_id}
        pending = [unit_id]
        while pending:
            for child in self.children.get(pending.pop(), ()):
                if child not in found:
                    found.add(child)
                    pending.append(child)
        return sorted(found)

    def path(self, unit_id: str | None, name: str | None = None) -> str | None:
        """The names of the unit's ancestors and of the unit, from above: `Sở … › Chi nhánh …`; `name` is its own where the tree has none.

        An ancestor above everything that has parents says nothing in any path and is left out.
        """
        if unit_id is None:
            return name
        line = [*self.line(unit_id)][::-1]
        tops = {parent for parent in self.children if self.nodes[parent].parent is None}
        if len(line) > 1 and tops == {line[0]}:
            line = line[1:]
        named = [self.nodes[above].name or above for above in line[:-1]]
        known = self.nodes.get(unit_id)
        own = (None if known is None else known.name) or name or unit_id
        return _STEP_DOWN.join([*named, own])

    def path_below(self, top: str, unit_id: str) -> str | None:
        """The names that lead from a unit, which is left out, down to one below it: `Văn phòng … › Bộ phận …`; None for itself and any other."""
        line = [*self.line(unit_id)]
        if top not in line[1:]:
            return None
        below = line[: line.index(top)][::-1]
        return _STEP_DOWN.join(self.nodes[each].name or each for each in below)

    def line(self, unit_id: str) -> Iterator[str]:
        """The unit and its ancestors, from the unit upwards, each once."""
        seen: set[str] = set()
        following: str | None = unit_id
        while following is not None and following not in seen:
            seen.add(following)
            yield following
            node = self.nodes.get(following)
            following = None if node is None else node.parent


_STEP_DOWN = " › "


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTrees:
    """The tree of units on every day: a unit's name, level and parent are the configured ones of that day, else the latest that events state.

    A unit that was merged lies below the one that carries it on. `seen`: the units that the reader sees, each with the one above it today; None: all.
    """

    rules: RuleBook
    stated: Mapping[str, Stated]
    days: tuple[date, ...]
    seen: Mapping[str, str | None] | None = None
    _trees: dict[int, UnitTree] = field(default_factory=dict, init=False, repr=False, compare=False)

    def of_span(self, span: int) -> UnitTree:
        """The tree of a span of days, as `TreeSpans` number them."""
        if span not in self._trees:
            self._trees[span] = UnitTree.of(self._nodes(self._first_day(span)))
        return self._trees[span]

    def spans(self, last_moment: datetime, zone: ZoneInfo) -> TreeSpans:
        """The spans for a period whose last moment is `last_moment`, by local days of `zone`."""
        return TreeSpans.up_to(last_moment, days=self.days, zone=zone)

    def subtree(self, unit_id: str, spans: TreeSpans) -> CountedUnits:
        """The units whose cases count for the unit, itself among them, in each span."""
        return CountedUnits(
            spans=spans, by_span=tuple(tuple(self._counted_for(unit_id, span)) for span in range(len(self.days) + 1))
        )

    def _counted_for(self, unit_id: str, span: int) -> list[str]:
        below = self.of_span(span).subtree(unit_id)
        among = frozenset(below)
        return [unit for unit in below if self.carried_on_by(unit, span) in among]

    def carried_on_by(self, unit_id: str, span: int) -> str:
        """The unit for which the cases of `unit_id` count in the span."""
        return self.rules.carried_on_by(unit_id, self._first_day(span))

    def is_known(self, unit_id: str) -> bool:
        """Whether rules or events name the unit."""
        return any(unit_id in self.of_span(span).nodes for span in range(len(self.days) + 1))

    def _first_day(self, span: int) -> date:
        return self.days[span - 1] if span else date.min

    def _nodes(self, on: date) -> Iterator[UnitNode]:
        parents = {unit: parent for unit, (_, parent, _) in self.stated.items() if parent is not None}
        if self.seen is not None:
            parents = {unit: parent for unit, parent in self.seen.items() if parent is not None}
        for unit_id in self.stated.keys() | self.rules.units.keys() if self.seen is None else self.seen:
            configured = self.rules.unit(unit_id, on) or self.rules.units.get(unit_id)
            name, _, level = self.stated.get(unit_id, NOTHING_STATED)
            if configured is not None:
                name = configured.name or name
                level = configured.level.value if configured.level is not None else level
            above = self.rules.unit_above(unit_id, parents, on)
            is_seen = self.seen is None or above in self.seen
            yield UnitNode(id=unit_id, name=name, level=level, parent=above if is_seen else None)


async def holds_anything(connection: AsyncConnection, build: Build, unit_id: str) -> bool:
    """Whether the unit stands beside a holder, or holds itself: an event may name a unit by its id and nothing else."""
    statement = f"""SELECT EXISTS (SELECT FROM {build.schema_name}.holds h WHERE h.party_unit_id = :unit_id
        OR (h.party_kind IN ('{PartyKind.UNIT}', '{PartyKind.CONSULTED_UNIT}') AND h.party_id = :unit_id))"""
    return bool(await connection.scalar(text(statement), {"unit_id": unit_id}))


async def stated_units(connection: AsyncConnection, build: Build) -> dict[str, Stated]:
    """Unit id -> what events say of it, and the units that only stand on cases."""
    schema = build.schema_name
    # Of each member the statement with the greatest key: no key has a control character below the tab, so that the text behind it decides nothing.
    latest = ", ".join(
        f"""substr(max(u.{member}_key || chr({_BEHIND_KEY}) || u.{member}),
            strpos(max(u.{member}_key || chr({_BEHIND_KEY}) || u.{member}), chr({_BEHIND_KEY})) + 1)"""
        for member in ("name", "parent", "level")
    )
    statement = f"""
        SELECT u.unit_id, {latest} FROM {schema}.unit_statements u GROUP BY u.unit_id
        UNION ALL
        SELECT p.unit_id, NULL, NULL, NULL FROM (SELECT DISTINCT unit_id FROM {schema}.places) p
        WHERE NOT EXISTS (SELECT FROM {schema}.unit_statements u WHERE u.unit_id = p.unit_id)
            AND EXISTS (SELECT FROM {build.cases} c WHERE c.unit_id = p.unit_id)"""
    rows = await connection.execute(text(statement))
    return {unit_id: (name, parent, level) for unit_id, name, parent, level in rows}
