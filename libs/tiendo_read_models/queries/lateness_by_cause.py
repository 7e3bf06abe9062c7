"""What the lateness of a period's cases is made of: who bears it, and what was only recorded late. The one place where it is counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.lateness_causes import BORNE, LatenessCause
from tiendo_domain.timeline_types import CaseClass
from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import TreeSpans

_RECORDED_LATE: Final = (CaseClass.LATE_ENTRY, CaseClass.UNPROVEN)
_OF_CLASS: Final = {
    LatenessCause(case_class.value): case_class for case_class in (*_RECORDED_LATE, CaseClass.LATE_SYNC)
}
_TAKEN_BACK: Final = "a.by_rule_minutes + a.late_entry_by_rule_minutes"


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFor:
    """A cause in the cases of one responsible unit and procedure, which belong to the tree of units of one span."""

    unit_id: str | None
    span: int
    procedure_id: str | None
    cause: LatenessCause


async def count_causes(
    connection: AsyncConnection, relation: Relation, period: Period, spans: TreeSpans
) -> dict[CauseFor, tuple[int, ...]]:
    """Cause -> cases that have minutes of it after decisions, these minutes, and those by rule, over the relation's cases finished in the period.

    The finish is that as recorded.
    """
    late = ", ".join(f"'{case_class}'" for case_class in _RECORDED_LATE)
    statement = f"""
        WITH {relation.ctes}, picked AS MATERIALIZED (
            SELECT c.case_id, c.class, c.late_entry_minutes, c.class_by_rule, c.late_entry_by_rule_minutes,
                c.unit_id, {spans.of_case} AS span, c.procedure_id
            FROM seen c WHERE {IN_PERIOD}
        ),
        parts AS (
            SELECT p.case_id, p.unit_id, p.span, p.procedure_id, a.party_kind AS cause, a.minutes, a.by_rule_minutes
            FROM picked p JOIN seen_shares a USING (case_id) WHERE a.minutes > 0 OR a.by_rule_minutes > 0
            UNION ALL
            SELECT p.case_id, p.unit_id, p.span, p.procedure_id, p.class, p.late_entry_minutes, 0
            FROM picked p WHERE p.class IN ({late}) AND p.late_entry_minutes > 0
            UNION ALL
            SELECT p.case_id, p.unit_id, p.span, p.procedure_id, p.class_by_rule, 0, p.late_entry_by_rule_minutes
            FROM picked p WHERE p.class_by_rule IN ({late}) AND p.late_entry_by_rule_minutes > 0
            UNION ALL
            SELECT p.case_id, p.unit_id, p.span, p.procedure_id, p.class, {_TAKEN_BACK}, 0
            FROM picked p JOIN seen_shares a USING (case_id)
            WHERE p.class = '{CaseClass.LATE_SYNC}' AND {_TAKEN_BACK} > 0
        )
        SELECT unit_id, span, procedure_id, cause, count(DISTINCT case_id) FILTER (WHERE minutes > 0),
            sum(minutes)::bigint, sum(by_rule_minutes)::bigint
        FROM parts GROUP BY 1, 2, 3, 4"""
    rows = await connection.execute(text(statement), {**relation.parameters, **period.parameters, **spans.parameters})
    return {
        CauseFor(unit_id=row[0], span=row[1], procedure_id=row[2], cause=LatenessCause(row[3])): tuple(
            map(int, row[4:])
        )
        for row in rows
    }


def of_cause(cause: LatenessCause) -> CaseCondition:
    """The cases that `count_causes` counts under the cause."""
    parameters: Mapping[str, object] = {}
    if cause in BORNE:
        where, parameters = "a.party_kind = :cause AND a.minutes > 0", {"cause": cause.value}
    elif cause is LatenessCause.LATE_SYNC:
        where = f"{_TAKEN_BACK} > 0"
    else:
        where = "TRUE"
    share = f"EXISTS (SELECT FROM seen_shares a WHERE a.case_id = c.case_id AND {where})"
    of_class = _OF_CLASS.get(cause)
    if of_class in _RECORDED_LATE:
        share = "c.late_entry_minutes > 0"
    if of_class is not None:
        share = f"c.class = '{of_class}' AND {share}"
    return CaseCondition(where=f"{IN_PERIOD} AND {share}", parameters=parameters)
