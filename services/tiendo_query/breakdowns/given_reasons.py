"""Difficulties („khó khăn, vướng mắc“): the reasons of explanations totalled, and the steps whose norm is missed at nobody's charge."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_query.breakdowns.period_sums import AskedTime, summed
from tiendo_query.breakdowns.procedure_steps import StepLoss, step_losses, step_sums
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.grouped_sums import Sums
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.difficulties import (
    DIFFICULTY_COUNTS,
    DifficultyFor,
    PlanFor,
    count_difficulties,
    count_missed_plans,
)
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReason:
    """A reason with what it is of (the span is no part of it), and its counts by the names of `DIFFICULTY_COUNTS`."""

    of: DifficultyFor
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class MissedPlan:
    """A step that overran in cases of which the organisation bears a part: how the step went at all, in how many cases, and that part."""

    step: StepLoss
    cases: int
    organisation_minutes: int


async def given_reasons(
    side: QuerySide, snapshot: Snapshot, asked: AskedTime, units: CountedUnits | None
) -> list[GivenReason]:
    """The reasons given by parties of the units (None: by all), by month, unit, procedure, step and reason."""
    sums = (await summed(side, snapshot, asked, "difficulties", _count)).total
    found: dict[DifficultyFor, list[int]] = defaultdict(lambda: [0] * len(DIFFICULTY_COUNTS))
    for key, numbers in sums.items():
        if isinstance(key, DifficultyFor) and (units is None or units.holds(key.unit_id, key.span)):
            of = found[replace(key, span=0)]
            of[:] = map(int.__add__, of, numbers)
    reasons = [
        GivenReason(of=key, counts=dict(zip(DIFFICULTY_COUNTS, numbers, strict=True)))
        for key, numbers in found.items()
        if numbers[0]
    ]
    return sorted(reasons, key=_order)


async def missed_plans(
    side: QuerySide, snapshot: Snapshot, asked: AskedTime, units: CountedUnits | None
) -> list[MissedPlan]:
    """The steps of the cases that the units (None: all) are responsible for, those first of whose cases the organisation bears most."""
    plans = (await summed(side, snapshot, asked, "missed plans", count_missed_plans)).total
    found: dict[tuple[str | None, str], list[int]] = defaultdict(lambda: [0, 0])
    for key, numbers in plans.items():
        if isinstance(key, PlanFor) and (units is None or units.holds(key.unit_id, key.span)):
            of = found[key.procedure_id, key.step]
            of[:] = map(int.__add__, of, numbers)
    losses: Sequence[StepLoss] = step_losses(await step_sums(side, snapshot, asked), units)
    missed = [
        MissedPlan(step=one, cases=cases, organisation_minutes=minutes)
        for one in losses
        for cases, minutes in [found.get((one.procedure_id, one.step), (0, 0))]
        if cases
    ]
    return sorted(missed, key=lambda one: (-one.organisation_minutes, one.step.procedure_id or "", one.step.step))


async def _count(connection: AsyncConnection, relation: Relation, period: Period, spans: TreeSpans) -> Sums:
    return dict((await count_difficulties(connection, relation, period, spans)).items())


def _order(reason: GivenReason) -> tuple[str, ...]:
    of = reason.of
    return (of.month, of.unit_id or "", of.unit_name or "", of.procedure_id or "", of.step_id or "", of.reason)
