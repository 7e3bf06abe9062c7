"""The board of a month: where the list of each unit stands."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from tiendo_domain.monthly_list.listed_content import Content
from tiendo_domain.monthly_list.workflow import ListState
from tiendo_domain.months import Month
from tiendo_domain.vietnamese_order import text_order
from tiendo_query.names.known_units import known_trees
from tiendo_query.publications.comparison import ListComparison, compared
from tiendo_query.publications.found_lists import AskedLists, listed
from tiendo_query.publications.if_approved import if_approved
from tiendo_query.publications.publishing import Publications
from tiendo_query.publications.seen_lists import SeenList
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.units import UnitTree

_LISTS_MAX: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardList:
    """A list of the month, and what it would say if it were approved now."""

    found: SeenList
    approved: Content


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardLine:
    """A unit with a list of the month, or with none yet."""

    unit_id: str
    unit_name: str | None
    of_list: BoardList | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The units that have a list of the month, and of the caller's own units and those right below them the ones that have none."""

    month: Month
    is_over: bool
    now: datetime
    zone: ZoneInfo
    position: int
    lines: Sequence[BoardLine]
    comparisons: Sequence[ListComparison] = ()
    """Of the caller's own units that have a list, with those right below them that have one."""


async def board_of(publications: Publications, month: Month | None) -> Board:
    """The board of a month, by default of the last one that is over, for what the caller sees."""
    side = publications.seen
    now = side.now()
    async with side.snapshot() as snapshot:
        month = month or Month.of(now.astimezone(snapshot.zone).date()).before
        trees = await known_trees(snapshot)
        tree = trees.of_span(len(trees.days))
        own, below = _units_of(publications, tree)
        zone, position = snapshot.zone, snapshot.reader.position
        names = {unit: _name(tree, unit) for unit in (*own, *below)}
        is_over = now >= _end(month, snapshot)
    lists = await listed(side, AskedLists(period=str(month)), after=None, limit=_LISTS_MAX)
    lines = [
        BoardLine(
            unit_id=found.list.unit_id,
            unit_name=found.content["unit_name"],
            of_list=BoardList(found=found, approved=await if_approved(publications.everything, found)),
        )
        for found in lists
    ]
    with_list = {line.unit_id for line in lines}
    lines += [
        BoardLine(unit_id=unit, unit_name=name, of_list=None) for unit, name in names.items() if unit not in with_list
    ]
    return Board(
        month=month,
        is_over=is_over,
        now=now,
        zone=zone,
        position=position,
        lines=_in_order(lines, own),
        comparisons=list(_comparisons(lines, own, tree)),
    )


def _comparisons(lines: Sequence[BoardLine], own: frozenset[str], tree: UnitTree) -> Iterator[ListComparison]:
    standing = {
        line.unit_id: line.of_list.approved
        for line in lines
        if line.of_list is not None and line.of_list.found.list.state is not ListState.WITHDRAWN
    }
    for unit in sorted(own & standing.keys()):
        below = [standing[child] for child in tree.children.get(unit, ()) if child in standing]
        if below:
            yield compared(standing[unit], below, {one: tuple(tree.line(one)) for one in tree.nodes})


def _units_of(publications: Publications, tree: UnitTree) -> tuple[frozenset[str], frozenset[str]]:
    """The units that the caller answers for, of who answers for all those above which there is none; and those right below them."""
    units = publications.caller.sight.units
    own = frozenset(one.id for one in tree.nodes.values() if one.parent is None) if units is None else units
    return own, frozenset(child for unit in own for child in tree.children.get(unit, ()))


def _name(tree: UnitTree, unit_id: str) -> str | None:
    node = tree.nodes.get(unit_id)
    return None if node is None else node.name


def _end(month: Month, snapshot: Snapshot) -> datetime:
    return month.bounds(snapshot.zone)[1]


def _in_order(lines: Iterable[BoardLine], own: frozenset[str]) -> list[BoardLine]:
    """The caller's own units first, then by name; lists of one unit in the order in which they were drafted."""
    return sorted(
        lines, key=lambda line: (line.unit_id not in own, text_order(line.unit_name or line.unit_id), line.unit_id)
    )
