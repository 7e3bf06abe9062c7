"""Lists of the cases behind a part of a figure, found by the conditions that counted it."""

from dataclasses import dataclass
from datetime import date

from tiendo_domain.lateness_causes import LatenessCause
from tiendo_query.breakdowns.unit_flows import groups_seen_from
from tiendo_query.names.known_units import known_subtree, tree_of
from tiendo_query.query_side import Snapshot
from tiendo_read_models.queries.cases.conditions import CaseCondition
from tiendo_read_models.queries.course_of_time import finished_at_hour, finished_between
from tiendo_read_models.queries.difficulties import (
    GivenFor,
    Unnamed,
    WhatBecame,
    of_units,
    with_difficulty,
    with_missed_plan,
)
from tiendo_read_models.queries.flows import Handover, of_handover
from tiendo_read_models.queries.lateness_by_cause import of_cause
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.time_in_steps import of_step


@dataclass(frozen=True, slots=True, kw_only=True)
class FigurePart:
    """Of which part of a period's figures cases are asked; None asks nothing.

    A handover is from `handed_from` to `handed_to`, places as the flow seen from `flow_of` has them.
    """

    cause: str | None = None
    step: str | None = None
    step_overran: bool | None = None
    handed_from: str | None = None
    handed_to: str | None = None
    handed_late: bool | None = None
    flow_of: str | None = None
    flow_whole: bool | None = None
    finished_from: date | None = None
    finished_to: date | None = None
    weekday: int | None = None
    hour: int | None = None
    explained: bool | None = None
    explained_reason: str | None = None
    explained_unit: str | None = None
    explained_below: str | None = None
    explained_step: str | None = None
    explained_without: str | None = None
    explained_state: str | None = None
    norm_missed: bool | None = None

    @property
    def asks_nothing(self) -> bool:
        """Whether it is the part that everything is in."""
        return self == _EVERYTHING

    @property
    def asks_of_explanations(self) -> bool:
        """Whether it is about what was explained."""
        return any(getattr(self, name) is not None for name in self.__slots__ if name.startswith("explained"))


_EVERYTHING = FigurePart()


async def part_conditions(snapshot: Snapshot, part: FigurePart | None, period: Period) -> tuple[CaseCondition, ...]:
    """The conditions of the part; raises the refusal of a unit that nothing names."""
    if part is None:
        return ()
    found, zone = [], snapshot.zone.key
    if part.cause is not None:
        found.append(of_cause(LatenessCause(part.cause)))
    if part.step is not None:
        found.append(of_step(part.step, overran=part.step_overran is True))
    if part.handed_from is not None and part.handed_to is not None:
        if part.flow_of is not None:
            await known_subtree(snapshot, part.flow_of, period, field="flow_of")
        groups = groups_seen_from(await tree_of(snapshot, period), part.flow_of, whole=part.flow_whole is True)
        handover = Handover(giver=part.handed_from, receiver=part.handed_to)
        found.append(of_handover(handover, groups, late=part.handed_late is True))
    if part.finished_from is not None or part.finished_to is not None:
        first, last = (None if day is None else day.isoformat() for day in (part.finished_from, part.finished_to))
        found.append(finished_between(first, last, zone))
    if part.weekday is not None or part.hour is not None:
        found.append(finished_at_hour(part.weekday, part.hour, zone))
    return (*found, *await _difficulty_conditions(snapshot, part, period))


async def _difficulty_conditions(snapshot: Snapshot, part: FigurePart, period: Period) -> list[CaseCondition]:
    """The conditions on what was explained and on norms that are missed; these figures are of cases that are seen whole."""
    found = []
    if part.asks_of_explanations:
        below = part.explained_below
        given = GivenFor(
            reason=part.explained_reason,
            unit=part.explained_unit,
            units=None if below is None else await known_subtree(snapshot, below, period, field="explained_below"),
            step=part.explained_step,
            without=[Unnamed(one) for one in (part.explained_without or "").split(",") if one],
            became=None if part.explained_state is None else WhatBecame(part.explained_state),
        )
        found.append(with_difficulty(given))
    if part.norm_missed and part.step is not None:
        found.append(with_missed_plan(part.step))
    if found and snapshot.sight is not None:
        found.append(of_units(snapshot.sight.units.inside))
    return found
