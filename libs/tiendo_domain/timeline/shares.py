"""The rows of the attribution: one a party, with the rule and the events that it rests on (rule A5)."""

from collections.abc import Iterator, Sequence

from tiendo_domain.timeline.measured import MeasuredHold
from tiendo_domain.timeline.names import EventNames
from tiendo_domain.timeline.parties import ORGANISATION
from tiendo_domain.timeline.placed import Placed
from tiendo_domain.timeline.policies import AttributionPolicy, MeasuredCase
from tiendo_domain.timeline.walk import Walk
from tiendo_domain.timeline_types import Attribution


def attribution_rows(
    policy: AttributionPolicy, case: MeasuredCase, walked: Walk, names: EventNames
) -> tuple[Attribution, ...]:
    """The shares above 0, most minutes first, ties by kind and id."""
    if not case.lateness_minutes:
        return ()
    overruns = policy.overruns(case)
    counted = [hold for hold in case.holds if policy.rests_on(case, hold)]
    # Of a party's namings the last one stands.
    parties = {hold.stretch.key: hold.stretch.holder.party for hold in case.holds}
    parties[ORGANISATION.key] = ORGANISATION
    found = [
        Attribution(
            party=parties[key],
            minutes=minutes,
            overrun_minutes=overruns.get(key),
            rule=policy.rule,
            event_ids=names.of_all(_events(key, counted, walked)),
        )
        for key, minutes in policy.shares(case, overruns).items()
        if minutes > 0
    ]
    return tuple(sorted(found, key=_order))


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
