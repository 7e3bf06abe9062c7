"""The steps of procedures: how much working time goes there, against the allotment, and how it is distributed."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_query.breakdowns.period_sums import AskedTime, summed
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.sums.grouped_sums import Sums
from tiendo_read_models.queries.cases.relations import Relation
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.time_in_steps import (
    NamedStep,
    StepFor,
    StepMinutes,
    count_step_minutes,
    count_steps,
)
from tiendo_read_models.queries.tree_spans import CountedUnits, TreeSpans

QUARTERS: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepLoss:
    """A step of a procedure with what is lost there: cases finished in the period that were in it, and in which it overran."""

    procedure_id: str | None
    procedure_name: str | None
    step: str
    step_name: str | None
    cases: int
    minutes: int
    allotted_cases: int
    overran_cases: int
    overrun_minutes: int


async def step_sums(side: QuerySide, snapshot: Snapshot, asked: AskedTime) -> Sums:
    """The sums of `count_steps` over the period, of all units and procedures."""
    return (await summed(side, snapshot, asked, "steps", count_steps)).total


def step_losses(sums: Sums, units: CountedUnits | None = None) -> list[StepLoss]:
    """The steps in the cases of the responsible `units` (None: of all), those with most overrun first."""
    names = _names(sums)
    found: Mapping[tuple[str | None, str], list[int]] = defaultdict(lambda: [0] * 5)
    for key, numbers in sums.items():
        if isinstance(key, StepFor) and (units is None or units.holds(key.unit_id, key.span)):
            of_step = found[key.procedure_id, key.step]
            of_step[:] = map(int.__add__, of_step, numbers)
    steps = [
        StepLoss(
            procedure_id=procedure,
            procedure_name=names.get((procedure, None)),
            step=step,
            step_name=names.get((procedure, step)),
            cases=cases,
            minutes=minutes,
            allotted_cases=allotted,
            overran_cases=overran,
            overrun_minutes=overrun,
        )
        for (procedure, step), (cases, minutes, allotted, overran, overrun) in found.items()
    ]
    return sorted(steps, key=lambda one: (-one.overrun_minutes, one.procedure_id or "", one.step))


def _names(sums: Sums) -> dict[tuple[str | None, str | None], str]:
    names: dict[tuple[str | None, str | None], str] = {}
    for key in sums:
        if isinstance(key, NamedStep):
            place = key.procedure_id, key.step
            names[place] = max(key.name, names.get(place, key.name))
    return names


@dataclass(slots=True, kw_only=True)
class Distribution:
    """Numbers of minutes, each with how many cases have it."""

    counts: dict[int, int] = field(default_factory=dict)

    def add(self, minutes: int, cases: int) -> None:
        """So many more cases have so many minutes."""
        self.counts[minutes] = self.counts.get(minutes, 0) + cases

    @property
    def cases(self) -> int:
        """How many cases there are."""
        return sum(self.counts.values())

    @property
    def minutes(self) -> int:
        """The minutes of all cases together."""
        return sum(minutes * cases for minutes, cases in self.counts.items())

    def quartiles(self) -> tuple[int, int, int]:
        """The least numbers of minutes that a quarter, a half and three quarters of the cases do not exceed; raises ValueError of no cases."""
        total = self.cases
        if not total:
            raise ValueError("no cases, no quartiles")
        ordered = sorted(self.counts)
        up_to = list(accumulate(self.counts[minutes] for minutes in ordered))
        first, second, third = (
            next(minutes for minutes, cases in zip(ordered, up_to, strict=True) if 4 * cases >= quarter * total)
            for quarter in QUARTERS
        )
        return first, second, third

    @property
    def most(self) -> int:
        """The greatest number of minutes; 0 without cases."""
        return max(self.counts, default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimedStep:
    """A step of one procedure: how the working minutes of a case in it are distributed, and the allotment that most cases had."""

    step: str
    name: str | None
    distribution: Distribution
    allotted: int | None
    allotments: Mapping[int, int]
    """Allotment -> cases that had it."""
    overran_cases: int
    overrun_minutes: int


async def step_minute_sums(
    side: QuerySide, snapshot: Snapshot, asked: AskedTime, procedure_id: str, units: CountedUnits | None
) -> Sums:
    """The sums of `count_step_minutes` of the procedure over the period, in cases of the responsible `units`; None: of all."""

    async def count(
        connection: AsyncConnection, relation: Relation, of: Period, spans: TreeSpans
    ) -> Mapping[StepMinutes | NamedStep, tuple[int, ...]]:
        return await count_step_minutes(connection, relation, of, procedure_id=procedure_id, spans=spans, units=units)

    question = ("step minutes", procedure_id, None if units is None else units.by_span)
    return (await summed(side, snapshot, asked, question, count)).total


def timed_steps(sums: Sums) -> list[TimedStep]:
    """The steps, those in which most minutes go first."""
    names = _names(sums)
    by_step: dict[str, list[tuple[StepMinutes, Sequence[int]]]] = defaultdict(list)
    for key, numbers in sums.items():
        if isinstance(key, StepMinutes):
            by_step[key.step].append((key, numbers))
    said = {step: name for (_, step), name in names.items() if step is not None}
    steps = (_timed(step, said.get(step), found) for step, found in by_step.items())
    return sorted(steps, key=lambda one: (-one.distribution.minutes, one.step))


def _timed(step: str, name: str | None, found: Sequence[tuple[StepMinutes, Sequence[int]]]) -> TimedStep:
    distribution, allotments = Distribution(), dict[int, int]()
    for key, (cases, *_) in found:
        distribution.add(key.minutes, cases)
        if key.allotted is not None:
            allotments[key.allotted] = allotments.get(key.allotted, 0) + cases
    return TimedStep(
        step=step,
        name=name,
        distribution=distribution,
        allotted=max(allotments, key=lambda minutes: (allotments[minutes], minutes), default=None),
        allotments=dict(sorted(allotments.items())),
        overran_cases=sum(numbers[1] for _, numbers in found),
        overrun_minutes=sum(numbers[2] for _, numbers in found),
    )
