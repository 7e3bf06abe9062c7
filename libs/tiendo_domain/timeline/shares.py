"""The rows of the attribution: one a party, with the rule and the events that it rests on (rule A5)."""

from collections.abc import Iterator, Mapping, Sequence

from tiendo_domain.timeline.counted import Placed
from tiendo_domain.timeline.measured import MeasuredHold
from tiendo_domain.timeline.names import EventNames
from tiendo_domain.timeline.parties import PartyKey
from tiendo_domain.timeline.policies import ORGANISATION, RULE_NUMBERS, takes_part
from tiendo_domain.timeline.walk import Walk
from tiendo_domain.timeline_types import Attribution, Party, PartyKind, Policy


def attribution_rows(
    shares: Mapping[PartyKey, int], policy: Policy, walked: Walk, holds: Sequence[MeasuredHold], names: EventNames
) -> tuple[Attribution, ...]:
    """The shares above 0, most minutes first, ties by kind and id."""
    counted = [hold for hold in holds if _counts(hold, policy, walked)]
    # Of a party's namings the last one stands.
    parties = {hold.stretch.key: hold.stretch.holder.party for hold in holds}
    parties[ORGANISATION] = Party(kind=PartyKind.ORGANISATION)
    found = [
        Attribution(
            party=parties[key],
            minutes=minutes,
            rule=RULE_NUMBERS[policy],
            event_ids=names.of_all(_events(key, counted, walked)),
        )
        for key, minutes in shares.items()
        if minutes > 0
    ]
    return tuple(sorted(found, key=_order))


def _counts(hold: MeasuredHold, policy: Policy, walked: Walk) -> bool:
    return takes_part(hold, walked.last_round) if policy is Policy.STEP_NORM else hold.late_minutes > 0


def _events(key: PartyKey, counted: Sequence[MeasuredHold], walked: Walk) -> Iterator[Placed]:
    for hold in counted:
        if key in {ORGANISATION, hold.stretch.key}:
            yield hold.stretch.began
            if hold.stretch.ended is not None:
                yield hold.stretch.ended
    if walked.dues.setter is not None:
        yield walked.dues.setter


def _order(row: Attribution) -> tuple[object, ...]:
    party = row.party
    unit_id = "" if party.unit is None else party.unit.id or ""
    return (-row.minutes, party.kind.value, party.id or "", party.name or "", unit_id)
