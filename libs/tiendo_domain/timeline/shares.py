"""The rows of the attribution: one a party, with the rule and the events that it rests on (rule A5)."""

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from tiendo_domain.timeline.measured import MeasuredHold
from tiendo_domain.timeline.names import EventNames
from tiendo_domain.timeline.parties import ORGANISATION
from tiendo_domain.timeline.placed import Placed, PlacedExplanation
from tiendo_domain.timeline.policies import AttributionPolicy, MeasuredCase
from tiendo_domain.timeline.walk import Walk
from tiendo_domain.timeline_types import Attribution, LateEntryShare, Party


class Share(Struct, frozen=True, kw_only=True):
    """What one party bears, the rule that put it there and the events it rests on; else as `Attribution`."""

    party: Party
    minutes: int
    overrun_minutes: int | None
    rule: str
    events: tuple[Placed | PlacedExplanation, ...]
    received_by_decision_minutes: int = 0


def shares_by_rule(policy: AttributionPolicy, case: MeasuredCase, walked: Walk) -> list[Share]:
    """The shares above 0 that the policy gives, in the order of the parties' first holds."""
    if not case.lateness_minutes:
        return []
    overruns = policy.overruns(case)
    counted = [hold for hold in case.holds if policy.rests_on(case, hold)]
    # Of a party's namings the last one stands.
    parties = {hold.stretch.key: hold.stretch.holder.party for hold in case.holds}
    parties[ORGANISATION.key] = ORGANISATION
    return [
        Share(
            party=parties[key],
            minutes=minutes,
            overrun_minutes=overruns.get(key),
            rule=policy.rule,
            events=tuple(_events(key, counted, walked)),
        )
        for key, minutes in policy.shares(case, overruns).items()
        if minutes > 0
    ]


def attribution_rows(shares: Iterable[Share], names: EventNames) -> tuple[Attribution, ...]:
    """The shares as they are shown: most minutes first, ties by kind and id."""
    rows = [
        Attribution(
            party=share.party,
            minutes=share.minutes,
            overrun_minutes=share.overrun_minutes,
            rule=share.rule,
            event_ids=names.of_all(share.events),
            received_by_decision_minutes=share.received_by_decision_minutes,
        )
        for share in shares
    ]
    return tuple(sorted(rows, key=most_first))


def _events(key: str, counted: Sequence[MeasuredHold], walked: Walk) -> Iterator[Placed]:
    for hold in counted:
        if key in {ORGANISATION.key, hold.stretch.key}:
            yield hold.stretch.began
            if hold.stretch.ended is not None:
                yield hold.stretch.ended
    if walked.dues.setter is not None:
        yield walked.dues.setter


def most_first(borne: Attribution | LateEntryShare) -> tuple[object, ...]:
    """What parties are ordered by (rule A5)."""
    party = borne.party
    return order_of_borne(borne.minutes, party.kind.value, party.id, party.key)


def order_of_borne(minutes: int, kind: str, party_id: str | None, key: str) -> tuple[object, ...]:
    """What parties are ordered by that bear so much: most minutes first, ties by kind and id (rule A5)."""
    return (-minutes, kind, party_id or "", key)
