"""What units and their people bear in the cases of a period, before and after decisions, and what decisions moved to the units themselves."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import TreeSpans

BORNE_NAMES: Final = (
    "attributed_minutes",
    "attributed_by_rule_minutes",
    "late_entry_minutes",
    "late_entry_by_rule_minutes",
    "received_by_decision_minutes",
)
"""The members of `count_borne`, in its order; whole working minutes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BorneFor:
    """The parties of a unit, by its id, in cases that belong to the tree of units of one span."""

    unit_id: str
    span: int


async def count_borne(
    connection: AsyncConnection, relation: Relation, period: Period, spans: TreeSpans
) -> dict[BorneFor, tuple[int, ...]]:
    """What the parties of each unit bear in the relation's cases finished in the period, whatever unit is responsible for these."""
    statement = f"""
        WITH {relation.ctes}
        SELECT a.party_unit_id, {spans.of_case} AS span, sum(a.minutes)::bigint, sum(a.by_rule_minutes)::bigint,
               sum(a.late_entry_minutes)::bigint, sum(a.late_entry_by_rule_minutes)::bigint,
               sum(a.received_by_decision_minutes)::bigint
        FROM seen c JOIN seen_shares a USING (case_id) WHERE {IN_PERIOD} AND a.party_unit_id IS NOT NULL
        GROUP BY 1, 2"""
    rows = await connection.execute(text(statement), {**relation.parameters, **period.parameters, **spans.parameters})
    return {BorneFor(unit_id=row[0], span=row[1]): tuple(map(int, row[2:])) for row in rows}
