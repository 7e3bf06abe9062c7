"""What a list is made of, collected from the read models as they stand at one position of the log."""

from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

import msgspec

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.monthly_list.frozen import FrozenCase, OfficerInCase
from tiendo_domain.months import Month
from tiendo_event_store.driver import driver_of
from tiendo_event_store.monthly_lists.knowledge import Knowledge, directory_changed, knowledge_now
from tiendo_query.names.directory_names import DirectoryNames
from tiendo_query.names.known_units import known_subtree
from tiendo_query.publications.refolds import ListKnowledge, Refolded, refolded
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_read_models.builds import Build
from tiendo_read_models.queries.cases.refolding import ToFold, View, cases_to_fold
from tiendo_read_models.queries.cases.relations import Exactness, Relation, folded, stored
from tiendo_read_models.queries.counts import COUNT_NAMES, count_cases
from tiendo_read_models.queries.monthly_cases import HeldByOfficer, MonthlyCase, monthly_cases
from tiendo_read_models.queries.officers import OfficerNames
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import CountedUnits

_TRIES: Final = 5


def _only_known(build: Build) -> str:
    """The condition on `c` for cases whose rows say what is known, all of it and nothing that came later."""
    waits = f"SELECT FROM {build.schema_name}.refolds r WHERE r.case_id = c.case_id"
    return f"(c.last_position <= :frozen_at AND NOT EXISTS ({waits}))"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListScope:
    """Whose list of which month, and how its cases are seen: by `view`, with the tree of `units`, by what `knowledge` has."""

    snapshot: Snapshot
    unit_id: str
    period: Period
    units: CountedUnits
    view: View
    names: DirectoryNames
    knowledge: ListKnowledge

    def officers(self, found: Iterable[OfficerInCase], span: int) -> tuple[OfficerInCase, ...]:
        """Of the officers those of the unit, by the unit that they belonged to when they held, named as the directory has them then; by key."""
        named = (self._as_named(officer) for officer in found)
        mine = [officer for officer in named if self.units.holds(officer.unit_id, span)]
        return tuple(sorted(mine, key=lambda officer: officer.key))

    def _as_named(self, officer: OfficerInCase) -> OfficerInCase:
        told = OfficerNames(
            id=officer.id,
            name=officer.name,
            position=officer.position,
            unit_id=officer.unit_id,
            unit_name=officer.unit_name,
        )
        shown = self.names.officer_then(told, officer.held_at)
        return msgspec.structs.replace(
            officer, name=shown.name, position=shown.position, unit_id=shown.unit_id, unit_name=shown.unit_name
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The cases of a list that decisions may change, by case id, and the counts of those that the unit is responsible for."""

    cases: Sequence[FrozenCase]
    counts: Mapping[str, int]


@asynccontextmanager
async def frozen_snapshot(side: QuerySide) -> AsyncIterator[tuple[Snapshot, Knowledge]]:
    """The read models once they reflect all that is known now, and what that is. Raises the refusal of a question that must be asked again later."""
    for _ in range(_TRIES):
        known = await knowledge_now(side.engine)
        async with side.snapshot(min_position=known.position, heavy=True) as snapshot:
            driver = await driver_of(snapshot.reader.connection)
            # Rows that were folded by rules that came meanwhile say what is not yet known.
            if not await directory_changed(driver, known.position, snapshot.reader.position):
                yield snapshot, known
                return
    raise Refusal(ProblemKind.OVERLOADED, headers={"Retry-After": "1"})


async def scope_of(snapshot: Snapshot, unit_id: str, month: Month, knowledge: ListKnowledge) -> ListScope:
    """The scope of a unit's list. Raises the refusal of a unit that nothing names."""
    start, end = month.bounds(snapshot.zone)
    period = Period(start=start, end=end, as_of=end)
    view = replace(snapshot.view(period.as_at), position=knowledge.frozen)
    return ListScope(
        snapshot=snapshot,
        unit_id=unit_id,
        period=period,
        units=await known_subtree(snapshot, unit_id, period),
        view=view,
        names=DirectoryNames.of(snapshot),
        knowledge=knowledge,
    )


async def collected(scope: ListScope) -> Collected:
    """All cases of the month, as they are known."""
    found: list[FrozenCase] = []
    counts: Counter[str] = Counter()
    relation = _standing(scope)
    found += await _cases_of(scope, relation)
    counts += await counted(scope, relation)
    async for batch in refolded(scope.snapshot.histories, await _waiting(scope), scope.view, scope.knowledge):
        relation = folded(scope.snapshot.reader.build, scope.period.as_of, [one.rows for one in batch])
        found += await _refolded_cases(scope, relation, batch)
        counts += await counted(scope, relation)
    return Collected(cases=sorted(found, key=lambda case: case.case_id), counts=counts)


async def counted(scope: ListScope, relation: Relation) -> Counter[str]:
    """The counts of the relation's cases that the unit is responsible for, as reports count them."""
    connection = scope.snapshot.reader.connection
    groups = await count_cases(connection, relation, scope.period, spans=scope.units.spans, units=scope.units)
    total: Counter[str] = Counter()
    for numbers in groups.values():
        total.update(dict(zip(COUNT_NAMES, numbers, strict=True)))
    return total


def _standing(scope: ListScope) -> Relation:
    """The cases whose rows stand at the month's end, and say nothing that came later than the list."""
    build = scope.snapshot.reader.build
    relation = stored(build, scope.period.as_of, Exactness.MINUTES, where=_only_known(build), in_part=False)
    return replace(relation, parameters={**relation.parameters, "frozen_at": scope.knowledge.frozen})


async def _waiting(scope: ListScope) -> list[ToFold]:
    """The others, each to be folded from all that is known of it."""
    reader = scope.snapshot.reader
    found = await cases_to_fold(
        reader.connection,
        reader.build,
        scope.period.as_of,
        Exactness.MINUTES,
        parameters={"frozen_at": scope.knowledge.frozen},
        in_part=False,
        also=f"NOT {_only_known(reader.build)}",
    )
    return [replace(case, last_position=scope.knowledge.frozen) for case in found]


async def _cases_of(scope: ListScope, relation: Relation) -> list[FrozenCase]:
    """The cases of rows that stand: who held from the rows, what is borne from the cases themselves."""
    connection = scope.snapshot.reader.connection
    listed, holders = await monthly_cases(connection, relation, scope.period, scope.units)
    held = _by_case(holders)
    mine = [one for one in listed if one.counted or scope.officers(held.get(one.case.case_id, ()), one.span)]
    borne = [one.case for one in mine if one.borne]
    officers: dict[str, Sequence[OfficerInCase]] = {}
    async for batch in refolded(scope.snapshot.histories, borne, scope.view, scope.knowledge):
        officers |= {one.case_id: one.officers for one in batch}
    return _frozen(scope, mine, {**held, **officers})


async def _refolded_cases(scope: ListScope, relation: Relation, batch: Sequence[Refolded]) -> list[FrozenCase]:
    listed, _ = await monthly_cases(scope.snapshot.reader.connection, relation, scope.period, scope.units)
    officers = {one.case_id: one.officers for one in batch}
    to_fold = {one.case_id: one.case for one in batch}
    cases = [msgspec.structs.replace(one, case=to_fold.get(one.case.case_id, one.case)) for one in listed]
    return _frozen(scope, cases, officers)


def _by_case(holders: Iterable[HeldByOfficer]) -> dict[str, Sequence[OfficerInCase]]:
    found: dict[str, list[OfficerInCase]] = {}
    for holder in holders:
        plain = msgspec.structs.asdict(holder)
        found.setdefault(plain.pop("case_id"), []).append(OfficerInCase(**plain))
    return dict(found)


def _frozen(
    scope: ListScope, cases: Iterable[MonthlyCase], officers: Mapping[str, Sequence[OfficerInCase]]
) -> list[FrozenCase]:
    """The cases in which somebody of the unit has a part, and those for which the unit answers as overdue."""
    found = (
        FrozenCase(
            case_id=one.case.case_id,
            codes=one.case.codes,
            told_codes=one.case.told_codes,
            last_position=min(one.case.last_position, scope.knowledge.frozen),
            event_count=one.case.event_count,
            open=one.open,
            counted=one.counted,
            simulated=one.simulated,
            officers=scope.officers(officers.get(one.case.case_id, ()), one.span),
        )
        for one in cases
    )
    return [case for case in found if case.officers or case.counted]
