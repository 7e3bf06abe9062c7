"""Each working morning of some cases' time: what a warning would have said of each open case, from what was recorded by then, and what became of it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from tests.early_warning.worlds import CasesTold

from tiendo_domain.calendar import WorkingCalendar
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.early_warning import (
    CaseInStep,
    FinishedCase,
    Outlook,
    Pace,
    finished_stays,
    open_case,
    outlook,
    step_holds,
)
from tiendo_domain.overdue import is_open
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline import case_timeline
from tiendo_domain.timeline.placed import recorded_instant
from tiendo_domain.timeline_types import CaseTimeline

FINISHED_MAX = 10_000
"""As the service: the pace is told from so many cases that were finished last."""
MORNING = time(7, 30)
LONGEST_OPEN_DAYS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """An open case on a morning: where it was, what it had left, and whether it was late in the end."""

    case: str
    at: datetime
    procedure: str | None
    where: CaseInStep
    left_minutes: int
    due_at: datetime
    late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """The same with what would have been said."""

    seen: Seen
    outlook: Outlook


def tried(told: CasesTold) -> Iterator[Warned]:
    """What would have been said of every open case on every morning, in order of time."""
    mornings: dict[datetime, list[Seen]] = defaultdict(list)
    finished: list[tuple[datetime, FinishedCase]] = []
    for events in told.cases:
        final = case_timeline(events, told.rules, as_of=told.ends_at)
        if final.finish_recorded_at is not None and final.completed_at is not None:
            known_at = final.finish_recorded_at.at
            known = _finished(_known(events, told.rules, known_at) or final)
            finished += [] if known is None else [(known_at, known)]
        for seen in _mornings_of(events, final, told):
            mornings[seen.at].append(seen)
    finished.sort(key=lambda one: one[0])
    instants = [known_at for known_at, _ in finished]
    for at in sorted(mornings):
        by_then = bisect_right(instants, at)
        pace = Pace(case for _, case in finished[max(0, by_then - FINISHED_MAX) : by_then])
        for seen in mornings[at]:
            yield Warned(seen=seen, outlook=outlook(seen.procedure, seen.where, seen.left_minutes, pace))


def _finished(timeline: CaseTimeline) -> FinishedCase | None:
    """What pace is told from; None without a due, or where a later fact was known first."""
    finish, due = timeline.finished_at, timeline.judged_due_at
    if finish is None or due is None:
        return None
    left = timeline.calendar.working_minutes(finish.at, due.at)
    stays = finished_stays(step_holds(timeline), left)
    return FinishedCase(procedure=_procedure(timeline), stays=stays, late=bool(timeline.overdue))


def _procedure(timeline: CaseTimeline) -> str | None:
    return None if timeline.procedure is None else timeline.procedure.id


def _known(events: Sequence[CaseEvent], rules: RuleBook, at: datetime) -> CaseTimeline | None:
    """The case as it was known then: nothing that was recorded later is looked at."""
    recorded = [event for event in events if recorded_instant(event).at <= at]
    return case_timeline(recorded, rules, as_of=at) if recorded else None


def _mornings_of(events: Sequence[CaseEvent], final: CaseTimeline, told: CasesTold) -> Iterator[Seen]:
    """The mornings on which it was open, not overdue, and its clock ran; of a case that never ended and is not late nothing is known."""
    if final.received_at is None or final.overdue is None or (final.finished_at is None and not final.overdue):
        return
    if final.finished_at is not None and final.completed_at is None:
        return
    ends_at = told.ends_at if final.finish_recorded_at is None else final.finish_recorded_at.at
    for at in _working_mornings(final.received_at.at, ends_at, final.calendar):
        known = _known(events, told.rules, at)
        if known is None or not is_open(known) or known.judged_due_at is None or not known.holds:
            continue
        where, due_at = open_case(step_holds(known)), known.judged_due_at.at
        if where is None or known.holds[-1].paused:
            continue
        if due_at <= at:
            return
        left = known.calendar.working_minutes(at, due_at)
        yield Seen(
            case=known.case_id,
            at=at,
            procedure=_procedure(known),
            where=where,
            left_minutes=left,
            due_at=due_at,
            late=bool(final.overdue),
        )


def _working_mornings(start: datetime, end: datetime, calendar: WorkingCalendar) -> Iterator[datetime]:
    first = start.astimezone(calendar.zone).date()
    for number in range(LONGEST_OPEN_DAYS):
        day = first + timedelta(days=number)
        at = datetime.combine(day, MORNING, calendar.zone)
        if at >= end:
            return
        if at > start and calendar.is_working_day(day):
            yield at
