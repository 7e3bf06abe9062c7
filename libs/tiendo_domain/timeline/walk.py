"""From the first event to the last: how the case was held, paused, told dues, ended (rules H, D1 to D3)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from tiendo_domain.facts import Declined, Received, Withdrawn, Worked
from tiendo_domain.instants import Instant
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.absences import without_absences
from tiendo_domain.timeline.allotments import allotments_of
from tiendo_domain.timeline.counted import Counted
from tiendo_domain.timeline.course import Course, begins_holds
from tiendo_domain.timeline.due_steps import DueStep
from tiendo_domain.timeline.dues import Dues, DueTrack
from tiendo_domain.timeline.placed import Finding, Placed, instant_of, instant_placed
from tiendo_domain.timeline.stretches import Stretch
from tiendo_domain.timeline.subject import Subject, subject_of
from tiendo_domain.timeline.walker import Walker
from tiendo_domain.timeline_types import State


class Walk(Struct, frozen=True, kw_only=True):
    """What the events of a case add up to on one basis; a pause that is still open is counted up to the finish or `as_of`.

    `received`, `began` and `began_at` are None where nothing was received, or nothing began. `finish` is the event that ended the case, unless it was
    reopened after it. `due_steps` are what the dues were told. `tail` is the last event that counted before the finish, if no pause was open then.
    """

    subject: Subject
    submitted: Placed | None
    received: Placed | None
    began: Placed | None
    began_at: Instant | None
    finish: Placed | None
    delivered: Placed | None
    state: State
    dues: Dues
    due_steps: Sequence[DueStep]
    stretches: Sequence[Stretch]
    allotments: Mapping[str, int]
    last_round: int
    tail: Placed | None
    findings: Sequence[Finding]


def walk(counted: Counted, rules: RuleBook, *, as_of: datetime) -> Walk:
    """The case as its counted events, in their order, tell it up to `as_of`."""
    events = counted.events
    received = next((one for one in events if isinstance(one.fact, Received)), None)
    began = received or next((one for one in events if begins_holds(one.fact)), None)
    began_at = beginning(began, instant_placed)
    subject = subject_of(events, rules, began_at or instant_of(next(iter(events), None)))
    walker = Walker(
        subject=subject,
        course=Course.of(events, rules),
        due=DueTrack(
            carrying=subject.carrying, mode=subject.pause_mode, began_at=began_at, as_of=as_of, at=instant_placed
        ),
    )
    walker.run(events, began)
    divided = without_absences(walker.stretches.holds(), counted.acts, subject, as_of=as_of)
    return Walk(
        subject=subject,
        submitted=walker.course.submitted,
        received=received,
        began=began,
        began_at=began_at,
        finish=walker.course.ended,
        delivered=walker.course.delivered,
        state=_state(walker.course),
        dues=walker.due.dues,
        due_steps=walker.due_steps,
        stretches=divided.stretches,
        allotments=allotments_of(divided.stretches, walker.allotments, subject),
        last_round=walker.round,
        tail=walker.tail,
        findings=[*walker.findings, *walker.due.findings, *divided.findings],
    )


def beginning(began: Placed | None, at: Callable[[Placed], Instant]) -> Instant | None:
    """When the holds begin, by the instants that `at` gives (rule H1): a `worked` with `since` where nothing was received, at that."""
    if began is None:
        return None
    begun_at = at(began)
    if isinstance(began.fact, Worked) and began.fact.since is not None:
        return began.fact.since if began.fact.since.at < begun_at.at else begun_at
    return begun_at


def _state(course: Course) -> State:
    if course.ended is None:
        return State.SUBMITTED if course.began is None else course.state
    match course.ended.fact:
        case Declined():
            return State.DECLINED
        case Withdrawn():
            return State.WITHDRAWN
        case _:
            return State.COMPLETED if course.delivered is None else State.DELIVERED
