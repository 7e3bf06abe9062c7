"""after-due/1: each minute of the lateness to the party that held the case in it (rule A4)."""

from collections.abc import Mapping, Sequence

from tiendo_domain.timeline.policies.policy import AttributionPolicy, HoldFigures, MeasuredCase, by_party
from tiendo_domain.timeline_types import Policy


def _overruns(case: MeasuredCase) -> dict[str, int]:
    """The minutes of the lateness in which a party held the case."""
    return by_party((hold, hold.late_minutes) for hold in case.holds)


def _shares(_: MeasuredCase, overruns: Mapping[str, int]) -> Mapping[str, int]:
    return overruns


def _hold_figures(case: MeasuredCase) -> Sequence[HoldFigures]:
    """What has no allotment overruns by its minutes of lateness; in and out are what the case was late by then."""
    figures = []
    late = 0
    for hold, row in zip(case.holds, case.rows, strict=True):
        late_in, late = late, late + hold.late_minutes
        unallotted = row.allotted_minutes is None and not hold.stretch.paused
        overrun = hold.late_minutes if unallotted else row.overrun_minutes
        known = case.lateness_minutes is not None
        figures.append(HoldFigures(overrun, late_in if known else None, late if known else None))
    return figures


AFTER_DUE = AttributionPolicy(
    name=Policy.AFTER_DUE,
    rule_numbers=("A4",),
    applies=lambda _: True,
    overruns=_overruns,
    shares=_shares,
    rests_on=lambda _, hold: hold.late_minutes > 0,
    hold_figures=_hold_figures,
)
