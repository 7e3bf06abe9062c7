"""The published policies: whose share of the lateness is whose (rules A3, A4)."""

from collections.abc import Mapping, Sequence

from tiendo_domain.timeline.accounts import Row
from tiendo_domain.timeline.measured import MeasuredHold
from tiendo_domain.timeline.parties import ORGANISATION
from tiendo_domain.timeline_types import PartyKind, Policy

RULE_NUMBERS = {Policy.STEP_NORM: "step-norm/1 (A1, A2, A3)", Policy.AFTER_DUE: "after-due/1 (A4)"}


def policy_used(asked: Policy | None, holds: Sequence[MeasuredHold], written: Sequence[Row], last_round: int) -> Policy:
    """step-norm/1 where at least one officer's hold has working minutes and every such hold an allotment, unless after-due/1 was asked."""
    if asked is Policy.AFTER_DUE:
        return asked
    allotted = [
        row.allotted_minutes is not None
        for hold, row in zip(holds, written, strict=True)
        if takes_part(hold, last_round) and hold.working_minutes and hold.stretch.holder.party.kind is PartyKind.OFFICER
    ]
    return Policy.STEP_NORM if allotted and all(allotted) else Policy.AFTER_DUE


def takes_part(hold: MeasuredHold, last_round: int) -> bool:
    """Whether the hold counts in step-norm/1: the clock runs, and no restart came after it (rules A1, A3)."""
    return not hold.stretch.paused and hold.stretch.round == last_round


def step_norm_overruns(holds: Sequence[MeasuredHold], written: Sequence[Row], last_round: int) -> dict[str, int]:
    """Party -> its own overrun: the sum over its accounts, no credit between them."""
    overruns: dict[str, int] = {}
    for hold, row in zip(holds, written, strict=True):
        if takes_part(hold, last_round):
            overruns[hold.stretch.key] = overruns.get(hold.stretch.key, 0) + (row.overrun_minutes or 0)
    return overruns


def step_norm_shares(lateness_minutes: int, overruns: Mapping[str, int]) -> dict[str, int]:
    """Party -> minutes in proportion to the overruns, none above its own, rounded down; the organisation has what remains."""
    total = sum(overruns.values())
    shared = min(lateness_minutes, total)
    shares = {key: overrun * shared // total for key, overrun in overruns.items() if overrun}
    return {**shares, ORGANISATION.key: lateness_minutes - sum(shares.values())}


def after_due_shares(holds: Sequence[MeasuredHold]) -> dict[str, int]:
    """Party -> the minutes of the lateness in which it held the case; they are its overrun as well."""
    shares: dict[str, int] = {}
    for hold in holds:
        shares[hold.stretch.key] = shares.get(hold.stretch.key, 0) + hold.late_minutes
    return shares
