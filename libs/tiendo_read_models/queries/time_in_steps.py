"""Where the working time of a period's cases goes, step by step, against the allotment of each step."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import IN_PERIOD, Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans

WITHOUT_STEP: Final = "(none)"
"""The step of holds that name none; a step is told by its id, without one by its name."""

_STEP: Final = f"coalesce(h.step_id, h.step_name, '{WITHOUT_STEP}')"

# A case's time in a step: all holds in which the clock runs, whoever holds. The step has its allotment once (rule A1): what a queue's row shows
# is what others leave it, so the greatest of the rows is the step's.
_PER_CASE: Final = f"""
    per_case AS (
        SELECT p.case_id, p.unit_id, p.span, p.procedure_id, {_STEP} AS step,
            max(p.procedure_name) AS procedure_name, max(h.step_name) AS step_name,
            sum(h.working_minutes)::bigint AS minutes,
            max(h.allotted_minutes) FILTER (WHERE coalesce(h.step_id, h.step_name) IS NOT NULL) AS allotted,
            coalesce(sum(h.overrun_minutes), 0)::bigint AS overrun
        FROM picked p JOIN seen_holds h USING (case_id) WHERE NOT h.paused
        GROUP BY p.case_id, p.unit_id, p.span, p.procedure_id, {_STEP}
    )"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFor:
    """A step of a procedure, in the cases of one responsible unit that belong to the tree of units of one span."""

    unit_id: str | None
    span: int
    procedure_id: str | None
    step: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedStep:
    """How the cases call a procedure, and a step of it where one is meant: the greatest name by code point."""

    procedure_id: str | None
    step: str | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepMinutes:
    """So many working minutes of a case in a step that is allotted so many; None: nothing."""

    step: str
    minutes: int
    allotted: int | None


def _picked(spans: TreeSpans, where: str = "TRUE") -> str:
    return f"""picked AS MATERIALIZED (
        SELECT c.case_id, c.unit_id, {spans.of_case} AS span, c.procedure_id, c.procedure_name
        FROM seen c WHERE {IN_PERIOD} AND {where}
    ),{_PER_CASE}"""


async def count_steps(
    connection: AsyncConnection, relation: Relation, period: Period, spans: TreeSpans
) -> dict[StepFor | NamedStep, tuple[int, ...]]:
    """Step -> cases, working minutes, cases in which it is allotted some, cases in which it overran, overrun minutes.

    Over the relation's cases finished in the period, by the finish as recorded. The names stand beside, each with the number of cases.
    """
    statement = f"""
        WITH {relation.ctes}, {_picked(spans)}
        SELECT unit_id, span, procedure_id, step, max(procedure_name), max(step_name), count(*), sum(minutes)::bigint,
            count(allotted), count(*) FILTER (WHERE overrun > 0), sum(overrun)::bigint
        FROM per_case GROUP BY 1, 2, 3, 4"""
    rows = await connection.execute(text(statement), {**relation.parameters, **period.parameters, **spans.parameters})
    found: dict[StepFor | NamedStep, tuple[int, ...]] = {}
    for unit_id, span, procedure_id, step, procedure_name, step_name, *numbers in rows:
        found[StepFor(unit_id=unit_id, span=span, procedure_id=procedure_id, step=step)] = tuple(numbers)
        for of, name in ((None, procedure_name), (step, step_name)):
            if name is not None:
                named = NamedStep(procedure_id=procedure_id, step=of, name=name)
                found[named] = (found.get(named, (0,))[0] + numbers[0],)
    return found


async def count_step_minutes(
    connection: AsyncConnection,
    relation: Relation,
    period: Period,
    *,
    procedure_id: str,
    spans: TreeSpans,
    units: CountedUnits | None,
) -> dict[StepMinutes | NamedStep, tuple[int, ...]]:
    """Time in a step -> cases, cases in which it overran, overrun minutes: of one procedure, everything that quartiles are read from.

    Over the relation's cases finished in the period; `units` restricts them to responsible units.
    """
    chosen = f"c.procedure_id = :procedure_id AND {'TRUE' if units is None else units.has_case}"
    statement = f"""
        WITH {relation.ctes}, {_picked(spans, chosen)}
        SELECT step, minutes, allotted, max(step_name), count(*), count(*) FILTER (WHERE overrun > 0), sum(overrun)::bigint
        FROM per_case GROUP BY 1, 2, 3"""
    restricted = {} if units is None else units.parameters
    parameters = {**relation.parameters, **period.parameters, **spans.parameters, **restricted}
    rows = await connection.execute(text(statement), {**parameters, "procedure_id": procedure_id})
    found: dict[StepMinutes | NamedStep, tuple[int, ...]] = {}
    for step, minutes, allotted, name, *numbers in rows:
        found[StepMinutes(step=step, minutes=minutes, allotted=allotted)] = tuple(numbers)
        if name is not None:
            named = NamedStep(procedure_id=procedure_id, step=step, name=name)
            found[named] = (found.get(named, (0,))[0] + numbers[0],)
    return found


def of_step(step: str, *, overran: bool) -> CaseCondition:
    """The cases finished in the period that were in the step while the clock ran; `overran`: in which it overran."""
    over = " HAVING sum(h.overrun_minutes) > 0" if overran else ""
    holds = f"h.case_id = c.case_id AND NOT h.paused AND {_STEP} = :step"
    return CaseCondition(
        where=f"{IN_PERIOD} AND EXISTS (SELECT FROM seen_holds h WHERE {holds} GROUP BY h.case_id{over})",
        parameters={"step": step},
    )
