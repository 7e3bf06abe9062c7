"""Lists frozen: as a draft, as the decisions since then change it, and anew for a correction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

import asyncpg
import msgspec

from tiendo_contracts.texts.canonical_json import digest
from tiendo_domain.monthly_list.frozen import FrozenCase, after_decisions
from tiendo_domain.monthly_list.joined_officers import JoinedOfficers
from tiendo_domain.monthly_list.listed_content import Content
from tiendo_domain.monthly_list.windows import list_rules
from tiendo_domain.months import Month
from tiendo_event_store.driver import driver_of
from tiendo_event_store.monthly_lists.appending import NewContent
from tiendo_event_store.monthly_lists.knowledge import Knowledge, codes_joined, explained_codes
from tiendo_event_store.monthly_lists.stored_contents import read_cases
from tiendo_query.names.known_units import tree_of
from tiendo_query.publications.list_cases import ListScope, collected, counted, scope_of
from tiendo_query.publications.list_contents import Approval, figures_of, frozen_content
from tiendo_query.publications.refolds import ListKnowledge, Refolded, refolded
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import shown
from tiendo_read_models.queries.cases.refolding import ToFold
from tiendo_read_models.queries.cases.relations import folded


async def drafted(
    snapshot: Snapshot,
    unit_id: str,
    month: Month,
    known: Knowledge,
    *,
    publication_id: str,
    version: int,
    approval: Approval | None = None,
) -> NewContent:
    """The list of a unit and month as it is known. Raises the refusal of a unit that nothing names."""
    scope = await scope_of(snapshot, unit_id, month, ListKnowledge(frozen=known.position, decided=known.position))
    found = await collected(scope)
    tree = await tree_of(snapshot, scope.period)
    node = tree.nodes.get(unit_id)
    rules = list_rules(snapshot.rules, tree.line(unit_id), known.at.astimezone(snapshot.zone).date())
    above = None if node is None or node.parent is None else tree.nodes.get(node.parent)
    paths = {below: path for below in tree.subtree(unit_id) if (path := tree.path_below(unit_id, below)) is not None}
    heading = {
        "id": publication_id,
        "unit": unit_id,
        "unit_name": None if node is None else node.name,
        "superior_name": None if above is None else above.name,
        "unit_paths": {one: paths[one] for one in sorted(_units_of(found.cases) & paths.keys())},
        "period": str(month),
        "version": version,
        "simulated": found.counts["simulated"] > 0 or any(case.simulated for case in found.cases),
        "known_at": shown(known.at, snapshot.zone),
        "known_position": known.position,
        "as_of": shown(scope.period.as_of, snapshot.zone),
        "window_working_days": rules.window_working_days,
        "least_minutes": rules.least_minutes,
    }
    figures = figures_of(found.counts)
    return frozen_content(heading, found.cases, figures, zone=snapshot.zone, approval=approval)


def _units_of(cases: Sequence[FrozenCase]) -> set[str]:
    return {officer.unit_id for case in cases for officer in case.officers if officer.unit_id is not None}


async def decided_since(
    side: QuerySide, snapshot: Snapshot, before: Content, decided: Knowledge, approval: Approval
) -> NewContent:
    """The frozen list with what was decided since it was frozen, and nothing else that came since."""
    month = Month.parse(before["period"])
    assert month is not None  # noqa: S101 - only months are drafted
    frozen: int = before["known_position"]
    joined = JoinedOfficers(then=await side.histories.rules(frozen), now=await side.histories.rules(decided.position))
    as_frozen = replace(snapshot, rules=joined.then)
    driver = await driver_of(snapshot.reader.connection)
    cases = await read_cases(driver, digest(before))
    knowledge = ListKnowledge(frozen=frozen, decided=decided.position, joined=joined)
    concerned = await _concerned(side, driver, cases, knowledge)
    scope = await scope_of(as_frozen, before["unit"], month, knowledge)
    then = replace(scope, knowledge=ListKnowledge(frozen=frozen, decided=frozen))
    to_fold = [_to_fold(case, decided.position) for case in concerned]
    figures: Counter[str] = Counter(before["figures"])
    figures.subtract(await _figures(then, to_fold))
    changed: dict[str, FrozenCase] = {}
    by_id = {case.case_id: case for case in concerned}
    async for batch in refolded(snapshot.histories, to_fold, scope.view, scope.knowledge):
        figures.update(await _figures_of(scope, batch))
        changed |= {one.case.case_id: after_decisions(by_id[one.case.case_id], one.officers) for one in batch}
    heading = {name: before[name] for name in _KEPT if name in before}
    return frozen_content(
        heading,
        [changed.get(case.case_id, case) for case in cases],
        {name: figures[name] for name in before["figures"]},
        zone=snapshot.zone,
        approval=approval,
        joined=joined,
    )


async def _concerned(
    side: QuerySide, driver: asyncpg.Connection, cases: Sequence[FrozenCase], knowledge: ListKnowledge
) -> list[FrozenCase]:
    """The frozen cases of which something may be explained or decided since, each with all codes that were ever joined with its own by then."""
    since = (knowledge.frozen, knowledge.decided)
    explained = frozenset(await explained_codes(driver, *since))
    groups = await side.log.groups_of(await codes_joined(driver, *since), up_to=knowledge.decided)
    group_of = {code: group for group in groups for code in group}
    told = explained.union(group_of)
    renamed = frozenset() if knowledge.joined is None else knowledge.joined.concerned(cases)
    found = [case for case in cases if case.case_id in renamed or not told.isdisjoint(case.told_codes)]
    return [_with_codes(case, group_of) for case in found]


def _with_codes(case: FrozenCase, group_of: Mapping[str, frozenset[str]]) -> FrozenCase:
    codes = frozenset(case.told_codes).union(*(group_of.get(code, ()) for code in case.told_codes))
    return msgspec.structs.replace(case, told_codes=tuple(sorted(codes)))


_KEPT = (
    "id",
    "unit",
    "unit_name",
    "superior_name",
    "unit_paths",
    "period",
    "version",
    "simulated",
    "known_at",
    "known_position",
    "as_of",
    "window_working_days",
    "least_minutes",
)


async def _figures(scope: ListScope, cases: Sequence[ToFold]) -> Counter[str]:
    total: Counter[str] = Counter()
    async for batch in refolded(scope.snapshot.histories, cases, scope.view, scope.knowledge):
        total.update(await _figures_of(scope, batch))
    return total


async def _figures_of(scope: ListScope, batch: Sequence[Refolded]) -> dict[str, int]:
    """The figures of the cases that the unit is responsible for, as they were folded."""
    if not batch:
        return {}
    relation = folded(scope.snapshot.reader.build, scope.period.as_of, [one.rows for one in batch])
    return figures_of(await counted(scope, relation))


def _to_fold(case: FrozenCase, position: int) -> ToFold:
    return ToFold(
        case_id=case.case_id,
        codes=case.codes,
        told_codes=case.told_codes,
        last_position=position,
        event_count=case.event_count,
    )
