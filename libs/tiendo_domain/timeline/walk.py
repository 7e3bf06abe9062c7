"""From the first event to the last: how the case was held, paused, told dues, ended (rules H, D1 to D3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tiendo_domain.facts import Declined, Received, Submitted, Withdrawn
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.placed import Finding, Placed, instant_of
from tiendo_domain.timeline.dues import Dues, DueTrack
from tiendo_domain.timeline.holding import Stretch
from tiendo_domain.timeline.subject import Subject, subject_of
from tiendo_domain.timeline.walker import Walker
from tiendo_domain.timeline_types import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """What the events of a case add up to on one basis; a pause that is still open is counted up to the finish or `as_of`.

    `received` and `began` are None where nothing was received, or nothing began. `finish` is the event that ended the case, unless it was
    reopened after it. `tail` is the last event that counted before the finish, if no pause was open then.
    """

    subject: Subject
    submitted: Placed | None
    received: Placed | None
    began: Placed | None
    finish: Placed | None
    delivered: Placed | None
    state: State
    dues: Dues
    stretches: Sequence[Stretch]
    allotments: dict[str, int]
    last_round: int
    tail: Placed | None
    findings: Sequence[Finding]


def walk(events: Sequence[Placed], rules: RuleBook, *, as_of: datetime) -> Walk:
    """The case as its counted `events`, in their order, tell it up to `as_of`."""
    received = next((one for one in events if isinstance(one.fact, Received)), None)
    began = received or next(
        (one for one in events if not isinstance(one.fact, Submitted | Declined | Withdrawn)), None
    )
    subject = subject_of(events, rules, instant_of(began or next(iter(events), None)))
    walker = Walker(
        subject=subject,
        rules=rules,
        due=DueTrack(calendar=subject.calendar, mode=subject.pause_mode, began_at=instant_of(began)),
    )
    walker.run(events, began, as_of)
    return Walk(
        subject=subject,
        submitted=walker.submitted,
        received=received,
        began=began,
        finish=walker.ended,
        delivered=walker.delivered,
        state=_state(walker),
        dues=walker.due.dues,
        stretches=walker.holding.stretches,
        allotments=walker.holding.allotments,
        last_round=walker.holding.round,
        tail=walker.tail,
        findings=[*walker.findings, *walker.due.findings],
    )


def _state(walker: Walker) -> State:
    if walker.ended is None:
        return walker.holding.state if walker.holding.stretches else State.SUBMITTED
    match walker.ended.fact:
        case Declined():
            return State.DECLINED
        case Withdrawn():
            return State.WITHDRAWN
        case _:
            return State.COMPLETED if walker.delivered is None else State.DELIVERED
