"""What is given as the reason of delay, and where the norms themselves are missed: over the cases finished in a period (rule E6)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_domain.explanations import Outcome
from tiendo_domain.timeline_types import ExplanationState, PartyKind
from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans

DIFFICULTY_COUNTS: Final = ("explanations", "accepted", "refused", "pending", "by_rule_minutes", "minutes", "simulated")
"""What is counted of a reason, in the order of `count_difficulties`."""


_STANDS: Final = f"e.state <> '{ExplanationState.WITHDRAWN}'"


def _step_of(explained: str) -> str:
    """The SQL of the step, of columns `step_id` and `step_name`, in which the party of an explanation overran most, else held the case longest."""
    return f"""SELECT h.step_id, max(h.step_name) AS step_name FROM seen_holds h
            WHERE h.case_id = {explained}.case_id AND h.party_key = {explained}.party_key AND h.step_id IS NOT NULL
            GROUP BY h.step_id
            ORDER BY sum(coalesce(h.overrun_minutes, 0)) DESC, sum(h.working_minutes) DESC, h.step_id LIMIT 1"""


class Unnamed(StrEnum):
    """What the cases behind a reason may leave open."""

    UNIT = "unit"
    PROCEDURE = "procedure"
    STEP = "step"


class WhatBecame(StrEnum):
    """What became of an explanation that stands."""

    ACCEPTED = "accepted"
    REFUSED = "refused"
    PENDING = "pending"


_BECAME: Final = {
    WhatBecame.ACCEPTED: f"e.outcome = '{Outcome.ACCEPTED}'",
    WhatBecame.REFUSED: f"e.outcome = '{Outcome.REFUSED}'",
    WhatBecame.PENDING: f"e.state = '{ExplanationState.PENDING}'",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenFor:
    """Of which explanations the cases are meant; None asks nothing.

    `unit` is the one of who explains, by its id, without one by its name; `units` those one of which it is. `without`: what is not named.
    """

    reason: str | None = None
    unit: str | None = None
    units: CountedUnits | None = None
    step: str | None = None
    without: Collection[Unnamed] = ()
    became: WhatBecame | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DifficultyFor:
    """A reason given by parties of one unit, in cases of a procedure finished in a month that belong to the tree of units of one span.

    The step is that in which whoever explains overran most, else held the case longest.
    """

    month: str
    reason: str
    unit_id: str | None
    unit_name: str | None
    span: int
    procedure_id: str | None
    procedure_name: str | None
    step_id: str | None
    step_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFor:
    """A step of a procedure, told by its id or name, in cases of one responsible unit that belong to the tree of units of one span."""

    unit_id: str | None
    span: int
    procedure_id: str | None
    step: str


async def count_difficulties(
    connection: AsyncConnection, relation: Relation, period: Period, spans: TreeSpans
) -> dict[DifficultyFor, tuple[int, ...]]:
    """The explanations that stand and are not withdrawn, what was decided on them, and what whoever explains bears, by rule and after decisions.

    Minutes are those of the lateness and of late entries; of one party that gives one reason twice in a case they count once.
    """
    statement = f"""
        WITH {relation.ctes},
        picked AS MATERIALIZED (
            SELECT c.case_id, {spans.of_case} AS span, c.procedure_id, c.procedure_name, c.simulated,
                to_char(c.finish_recorded_at AT TIME ZONE CAST(:zone AS text), 'YYYY-MM') AS month
            FROM seen c WHERE {IN_PERIOD}
        ),
        given AS (
            SELECT p.*, e.reason, e.state, e.outcome, e.party_key, e.party_unit_id, e.party_unit_name,
                row_number() OVER (PARTITION BY e.case_id, e.party_key, e.reason ORDER BY e.ordinal) = 1 AS counts
            FROM picked p JOIN seen_explanations e USING (case_id) WHERE {_STANDS}
        )
        SELECT g.month, g.reason, g.party_unit_id, max(g.party_unit_name), g.span, g.procedure_id, max(g.procedure_name),
            s.step_id, s.step_name, count(*),
            count(*) FILTER (WHERE g.outcome = 'accepted'), count(*) FILTER (WHERE g.outcome = 'refused'),
            count(*) FILTER (WHERE g.state = '{ExplanationState.PENDING}'),
            coalesce(sum(a.by_rule_minutes + a.late_entry_by_rule_minutes) FILTER (WHERE g.counts), 0)::bigint,
            coalesce(sum(a.minutes + a.late_entry_minutes) FILTER (WHERE g.counts), 0)::bigint,
            count(*) FILTER (WHERE g.simulated)
        FROM given g
        LEFT JOIN seen_shares a ON a.case_id = g.case_id AND a.party_key = g.party_key
        LEFT JOIN LATERAL (
            {_step_of("g")}) s ON TRUE
        GROUP BY g.month, g.reason, g.party_unit_id, CASE WHEN g.party_unit_id IS NULL THEN g.party_unit_name END,
            g.span, g.procedure_id, s.step_id, s.step_name"""
    parameters = {**relation.parameters, **period.parameters, **spans.parameters, "zone": spans.zone}
    found: dict[DifficultyFor, tuple[int, ...]] = {}
    for row in await connection.execute(text(statement), parameters):
        month, reason, unit_id, unit_name, span, procedure_id, procedure_name, step_id, step_name, *numbers = row
        key = DifficultyFor(
            month=month,
            reason=reason,
            unit_id=unit_id,
            unit_name=unit_name,
            span=span,
            procedure_id=procedure_id,
            procedure_name=procedure_name,
            step_id=step_id,
            step_name=step_name,
        )
        found[key] = tuple(map(int, numbers))
    return found


async def count_missed_plans(
    connection: AsyncConnection, relation: Relation, period: Period, spans: TreeSpans
) -> dict[PlanFor, tuple[int, int]]:
    """Step -> the cases in which it overran and the organisation bears something by rule (A3), and what it bears there.

    What decisions moved to the organisation tells nothing of norms.

    A case of which several steps overran counts whole for each: whose norm is too short, the remainder itself does not say.
    """
    statement = f"""
        WITH {relation.ctes},
        borne AS MATERIALIZED (
            SELECT c.case_id, c.unit_id, {spans.of_case} AS span, c.procedure_id, a.by_rule_minutes AS minutes
            FROM seen c JOIN seen_shares a USING (case_id)
            WHERE {IN_PERIOD} AND a.party_kind = '{PartyKind.ORGANISATION}' AND a.by_rule_minutes > 0
        ),
        overrun AS (
            SELECT b.case_id, coalesce(h.step_id, h.step_name) AS step FROM borne b JOIN seen_holds h USING (case_id)
            WHERE coalesce(h.step_id, h.step_name) IS NOT NULL GROUP BY 1, 2 HAVING sum(coalesce(h.overrun_minutes, 0)) > 0
        )
        SELECT b.unit_id, b.span, b.procedure_id, o.step, count(*), sum(b.minutes)::bigint
        FROM borne b JOIN overrun o USING (case_id) GROUP BY 1, 2, 3, 4"""
    rows = await connection.execute(text(statement), {**relation.parameters, **period.parameters, **spans.parameters})
    return {
        PlanFor(unit_id=unit_id, span=span, procedure_id=procedure_id, step=step): (cases, minutes)
        for unit_id, span, procedure_id, step, cases, minutes in rows
    }


def with_difficulty(asked: GivenFor) -> CaseCondition:
    """The cases whose explanations `count_difficulties` counts under what is asked."""
    where, parameters = ["e.case_id = c.case_id", _STANDS], dict[str, object]()
    if asked.reason is not None:
        where.append("e.reason = :explained_reason")
        parameters["explained_reason"] = asked.reason
    if asked.unit is not None:
        where.append("coalesce(e.party_unit_id, e.party_unit_name) = :explained_unit")
        parameters["explained_unit"] = asked.unit
    if asked.units is not None:
        where.append(asked.units.has("e.party_unit_id", name="explained_units"))
        parameters |= asked.units.parameters_of("explained_units")
    if asked.became is not None:
        where.append(_BECAME[asked.became])
    if asked.step is not None:
        where.append(f"(SELECT s.step_id FROM ({_step_of('e')}) s) = :explained_step")
        parameters["explained_step"] = asked.step
    if Unnamed.UNIT in asked.without:
        where.append("coalesce(e.party_unit_id, e.party_unit_name) IS NULL")
    if Unnamed.STEP in asked.without:
        where.append(f"NOT EXISTS ({_step_of('e')})")
    if Unnamed.PROCEDURE in asked.without:
        where.append("c.procedure_id IS NULL")
    explained = f"EXISTS (SELECT FROM seen_explanations e WHERE {' AND '.join(where)})"
    return CaseCondition(where=f"{IN_PERIOD} AND {explained}", parameters=parameters)


def with_missed_plan(step: str) -> CaseCondition:
    """The cases that `count_missed_plans` counts for the step."""
    return CaseCondition(
        where=f"""{IN_PERIOD} AND EXISTS (SELECT FROM seen_shares a
                WHERE a.case_id = c.case_id AND a.party_kind = '{PartyKind.ORGANISATION}' AND a.by_rule_minutes > 0)
            AND (SELECT sum(coalesce(h.overrun_minutes, 0)) FROM seen_holds h
                WHERE h.case_id = c.case_id AND coalesce(h.step_id, h.step_name) = :missed_step) > 0""",
        parameters={"missed_step": step},
    )


def of_units(ids: Collection[str]) -> CaseCondition:
    """The cases for which one of the units is responsible."""
    return CaseCondition(where="c.unit_id = ANY(CAST(:seen_units AS text[]))", parameters={"seen_units": sorted(ids)})
