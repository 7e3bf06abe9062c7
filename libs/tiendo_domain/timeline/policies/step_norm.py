"""step-norm/1: the lateness in proportion to the overruns of the steps' allotments (rules A1, A2, A3)."""

from collections.abc import Mapping, Sequence

from tiendo_domain.timeline.parties import ORGANISATION
from tiendo_domain.timeline.policies.policy import AttributionPolicy, HoldFigures, MeasuredCase, by_party
from tiendo_domain.timeline_types import PartyKind, Policy


def _applies(case: MeasuredCase) -> bool:
    """Where at least one officer's hold has working minutes, and every such hold an allotment."""
    allotted = [
        row.allotted_minutes is not None
        for hold, row in case.taking_part()
        if hold.working_minutes and hold.stretch.holder.party.kind is PartyKind.OFFICER
    ]
    return bool(allotted) and all(allotted)


def _overruns(case: MeasuredCase) -> dict[str, int]:
    """The sum over a party's accounts, no credit between them."""
    return by_party((hold, row.overrun_minutes or 0) for hold, row in case.taking_part())


def _shares(case: MeasuredCase, overruns: Mapping[str, int]) -> dict[str, int]:
    """In proportion to the overruns, none above its own, rounded down; the organisation has what remains."""
    lateness, total = case.lateness_minutes or 0, sum(overruns.values())
    shared = min(lateness, total)
    shares = {key: overrun * shared // total for key, overrun in overruns.items() if overrun}
    return {**shares, ORGANISATION.key: lateness - sum(shares.values())}


def _hold_figures(case: MeasuredCase) -> Sequence[HoldFigures]:
    """The overrun of the account, and the lag against the plan (rule A6)."""
    return [HoldFigures(row.overrun_minutes, row.lag_in, row.lag_out) for row in case.rows]


STEP_NORM = AttributionPolicy(
    name=Policy.STEP_NORM,
    rule_numbers=("A1", "A2", "A3"),
    applies=_applies,
    overruns=_overruns,
    shares=_shares,
    rests_on=MeasuredCase.takes_part,
    hold_figures=_hold_figures,
)
