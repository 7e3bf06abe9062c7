"""The course of a case step by step, by the working time that it had left to its due. Pauses are no part of it: the clock stands."""

from collections.abc import Iterable, Sequence
from itertools import accumulate

from msgspec import Struct

from tiendo_domain.timeline_types import CaseTimeline


class StepHold(Struct, frozen=True, kw_only=True):
    """Of a hold what pace and plan need: `step` by id, None where none is stated; `allotted_minutes` of its account at its start (rule A2)."""

    step: str | None
    working_minutes: int
    allotted_minutes: int | None
    paused: bool


class StepStay(Struct, frozen=True, kw_only=True):
    """One stay of a finished case in a step: the working minutes left to the due at its beginning and at its end, negative after the due.

    `allotted_after_minutes` is what the steps still to come were allotted.
    """

    step: str | None
    left_at_begin: int
    left_at_end: int
    allotted_after_minutes: int


class CaseInStep(Struct, frozen=True, kw_only=True):
    """Where an open case is: its step, and what the account of the step has left (None: no allotment)."""

    step: str | None
    left_in_step_minutes: int | None


def step_holds(timeline: CaseTimeline) -> list[StepHold]:
    """The holds of a timeline, in their order."""
    return [
        StepHold(
            step=None if hold.step is None else hold.step.id,
            working_minutes=hold.working_minutes,
            allotted_minutes=hold.allotted_minutes,
            paused=hold.paused,
        )
        for hold in timeline.holds
    ]


def finished_stays(holds: Iterable[StepHold], left_at_finish: int) -> tuple[StepStay, ...]:
    """The stays of a finished case, in their order; a step that it came back to is allotted nothing more.

    `left_at_finish` are the working minutes from the finish to the judged due, negative for a late case.
    """
    groups = _stays(holds)
    minutes = [sum(hold.working_minutes for hold in group) for group in groups]
    left = [*list(accumulate(reversed(minutes), initial=left_at_finish))[::-1]]
    allotted: list[int] = []
    seen: set[str | None] = set()
    for group in groups:
        step = group[0].step
        allotted.append(0 if step in seen else group[0].allotted_minutes or 0)
        seen.add(step)
    after = list(accumulate(reversed(allotted), initial=0))[::-1][1:]
    return tuple(
        StepStay(step=group[0].step, left_at_begin=begin, left_at_end=end, allotted_after_minutes=planned)
        for group, begin, end, planned in zip(groups, left, left[1:], after, strict=False)
    )


def open_case(holds: Iterable[StepHold]) -> CaseInStep | None:
    """Where a case is whose last hold runs to now; None where its clock has not run yet."""
    groups = _stays(holds)
    if not groups:
        return None
    last = groups[-1][-1]
    left = None if last.allotted_minutes is None else max(0, last.allotted_minutes - last.working_minutes)
    return CaseInStep(step=groups[-1][0].step, left_in_step_minutes=left)


def _stays(holds: Iterable[StepHold]) -> Sequence[list[StepHold]]:
    """The holds stay by stay; one that states no step goes on with the step before."""
    groups: list[list[StepHold]] = []
    for hold in holds:
        if hold.paused:
            continue
        if groups and hold.step in (None, groups[-1][0].step):
            groups[-1].append(hold)
        else:
            groups.append([hold])
    return groups
