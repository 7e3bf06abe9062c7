"""Procedures with the counts of a period."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_query.breakdowns.period_sums import AskedTime, summed
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.carried_sums import KeptSum
from tiendo_query.sums.grouped_sums import Sums
from tiendo_read_models.queries.counts import COUNT_NAMES, ProcedureFor, count_procedures
from tiendo_read_models.queries.procedures import is_known_procedure
from tiendo_read_models.queries.tree_spans import CountedUnits


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedProcedure:
    """A procedure as most of what is known calls it, with its counts; the id is None where cases name none."""

    id: str | None
    name: str | None
    counts: Mapping[str, int]


async def procedure_sum(side: QuerySide, snapshot: Snapshot, asked: AskedTime) -> KeptSum:
    """The sums of `count_procedures` over the period, of all units and procedures."""
    return await summed(side, snapshot, asked, "procedures", count_procedures, where_folded="TRUE")


def counted_procedures(sums: Sums, units: CountedUnits | None = None) -> list[CountedProcedure]:
    """The procedures in cases of the responsible `units` (None: of all), by id; of several names the greatest by code point."""
    counts: dict[str | None, Counter[str]] = {}
    names: dict[str | None, str] = {}
    for key, numbers in sums.items():
        if not isinstance(key, ProcedureFor) or not (units is None or units.holds(key.unit_id, key.span)):
            continue
        counts.setdefault(key.procedure_id, Counter()).update(dict(zip(COUNT_NAMES, numbers, strict=True)))
        if key.procedure_name is not None:
            names[key.procedure_id] = max(key.procedure_name, names.get(key.procedure_id, key.procedure_name))
    return [
        CountedProcedure(id=procedure, name=names.get(procedure), counts=counts[procedure])
        for procedure in sorted(counts, key=lambda one: one or "")
    ]


async def known_procedure(
    snapshot: Snapshot, sums: Sums, procedure_id: str, units: CountedUnits | None
) -> CountedProcedure:
    """The procedure, with counts of nothing where the period has none of its cases; raises the refusal of one that no case names."""
    for procedure in counted_procedures(sums, units):
        if procedure.id == procedure_id:
            return procedure
    reader = snapshot.reader
    if "\x00" in procedure_id or not await is_known_procedure(reader.connection, reader.build, procedure_id):
        raise Refusal(ProblemKind.PROCEDURE_UNKNOWN, field="procedure_id")
    name = max((one.name for one in counted_procedures(sums) if one.id == procedure_id and one.name), default=None)
    return CountedProcedure(id=procedure_id, name=name, counts=Counter())
