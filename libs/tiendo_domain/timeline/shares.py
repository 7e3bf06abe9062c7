"""The rows of the attribution: one a party, with the rule and the events that it rests on (rule A5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tiendo_domain.timeline.accounts import Row
from tiendo_domain.timeline.counted import Placed
from tiendo_domain.timeline.measured import MeasuredHold
from tiendo_domain.timeline.names import EventNames
from tiendo_domain.timeline.parties import ORGANISATION
from tiendo_domain.timeline.policies import (
    RULE_NUMBERS,
    after_due_shares,
    policy_used,
    step_norm_overruns,
    step_norm_shares,
    takes_part,
)
from tiendo_domain.timeline.walk import Walk
from tiendo_domain.timeline_types import Attribution, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Sharing:
    """The policy that was used, each party's own overrun under it, and each party's share, in whole working minutes."""

    policy: Policy
    overruns: Mapping[str, int]
    shares: Mapping[str, int]


def shared_out(
    asked: Policy | None, lateness_minutes: int, holds: Sequence[MeasuredHold], written: Sequence[Row], last_round: int
) -> Sharing:
    """The lateness shared out by the policy asked for, or the default."""
    policy = policy_used(asked, holds, written, last_round)
    if policy is Policy.AFTER_DUE:
        shares = after_due_shares(holds)
        return Sharing(policy=policy, overruns=shares, shares=shares)
    overruns = step_norm_overruns(holds, written, last_round)
    return Sharing(policy=policy, overruns=overruns, shares=step_norm_shares(lateness_minutes, overruns))


def attribution_rows(
    sharing: Sharing, walked: Walk, holds: Sequence[MeasuredHold], names: EventNames
) -> tuple[Attribution, ...]:
    """The shares above 0, most minutes first, ties by kind and id."""
    counted = [hold for hold in holds if _counts(hold, sharing.policy, walked)]
    # Of a party's namings the last one stands.
    parties = {hold.stretch.key: hold.stretch.holder.party for hold in holds}
    parties[ORGANISATION.key] = ORGANISATION
    found = [
        Attribution(
            party=parties[key],
            minutes=minutes,
            overrun_minutes=sharing.overruns.get(key),
            rule=RULE_NUMBERS[sharing.policy],
            event_ids=names.of_all(_events(key, counted, walked)),
        )
        for key, minutes in sharing.shares.items()
        if minutes > 0
    ]
    return tuple(sorted(found, key=_order))


def _counts(hold: MeasuredHold, policy: Policy, walked: Walk) -> bool:
    return takes_part(hold, walked.last_round) if policy is Policy.STEP_NORM else hold.late_minutes > 0


def _events(key: str, counted: Sequence[MeasuredHold], walked: Walk) -> Iterator[Placed]:
    for hold in counted:
        if key in {ORGANISATION.key, hold.stretch.key}:
            yield hold.stretch.began
            if hold.stretch.ended is not None:
                yield hold.stretch.ended
    if walked.dues.setter is not None:
        yield walked.dues.setter


def _order(row: Attribution) -> tuple[object, ...]:
    party = row.party
    return (-row.minutes, party.kind.value, party.id or "", party.key)
