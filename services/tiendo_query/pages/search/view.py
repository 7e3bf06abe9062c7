"""What the search shows where nothing is named exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tiendo_domain.instants import Instant
from tiendo_domain.vietnamese_order import name_order
from tiendo_query.cases.case_pages import AskedCases, case_page
from tiendo_query.names.known_units import is_inside, known_trees
from tiendo_query.names.searching import finds_unit, officers_found
from tiendo_query.pages.cases.case_rows import CaseRow, case_rows
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod
from tiendo_read_models.queries.units import UnitTree

CASES_MAX: Final = 10
OTHERS_MAX: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundThing:
    """A unit or an officer: its id, its name, and where it belongs."""

    id: str
    name: str
    beside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """What was found, the first of each kind; `more_cases` is whether the list of cases has more."""

    text: str
    cases: Sequence[CaseRow]
    more_cases: bool
    units: Sequence[FoundThing]
    officers: Sequence[FoundThing]
    simulated: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing was found."""
        return not (self.cases or self.units or self.officers)


async def search_view(
    side: QuerySide, snapshot: Snapshot, text: str, as_of: Instant | None, *, period: AskedPeriod, people: bool
) -> SearchView:
    """What the text finds, of what the caller sees, named as at the period's end; officers with `people` alone."""
    if not text:
        return SearchView(text=text, cases=(), more_cases=False, units=(), officers=(), simulated=False)
    found = await case_page(side, snapshot, AskedCases(limit=CASES_MAX, as_of=as_of, text=text, people=people))
    return SearchView(
        text=text,
        cases=case_rows(found.records, names=people),
        more_cases=found.next is not None,
        units=await _units(snapshot, text),
        officers=await _officers(snapshot, text, period) if people else (),
        simulated=any(record["simulated"] for record in found.records),
    )


async def _units(snapshot: Snapshot, text: str) -> Sequence[FoundThing]:
    tree = (await known_trees(snapshot)).of_span(len(snapshot.rules.unit_days))
    found = [node for node in tree.nodes.values() if is_inside(snapshot, node.id) and finds_unit(text, node)]
    shown = sorted(found, key=lambda node: (len([*tree.line(node.id)]), node.id))[:OTHERS_MAX]
    return [FoundThing(id=node.id, name=node.name or node.id, beside=_above(tree, node.id)) for node in shown]


def _above(tree: UnitTree, unit_id: str) -> str:
    """The path of the unit's parents, and its id."""
    above, _, _ = (tree.path(unit_id) or "").rpartition(" › ")
    return " · ".join(part for part in (unit_id, above) if part)


async def _officers(snapshot: Snapshot, text: str, at: AskedPeriod) -> Sequence[FoundThing]:
    found = sorted(
        await officers_found(snapshot, text, at.period), key=lambda names: (name_order(names.name), names.id or "")
    )
    return [
        FoundThing(
            id=names.id or "",
            name=names.name or names.id or "",
            beside=", ".join(part for part in (names.id, names.position, names.unit_name or names.unit_id) if part),
        )
        for names in found[:OTHERS_MAX]
    ]
