"""The three clocks of a case (rule C): acceptance, resolution, pick-up."""

from datetime import datetime

from tiendo_domain.calendar import ceil_minute, floor_minute
from tiendo_domain.facts import Declined, Withdrawn
from tiendo_domain.instants import Instant, instant_in_zone
from tiendo_domain.timeline.measured import Measured
from tiendo_domain.timeline.placed import instant_of
from tiendo_domain.timeline.walk import Walk
from tiendo_domain.timeline_types import Clock, Clocks

# Eight working hours from the submission of an online application.
ACCEPTANCE_MINUTES = 480


def clocks_of(walked: Walk, measured: Measured, as_of: datetime) -> Clocks:
    """The clocks up to `as_of`; only the resolution clock makes lateness, class and shares."""
    return Clocks(
        acceptance=_acceptance(walked, as_of),
        resolution=_resolution(walked, measured),
        pick_up=_pick_up(walked, as_of),
    )


def _acceptance(walked: Walk, as_of: datetime) -> Clock | None:
    if walked.submitted is None:
        return None
    started_at = walked.submitted.at
    ended_at = walked.began_at or instant_of(walked.finish)
    calendar = walked.subject.calendar
    norm_ends_at = instant_in_zone(calendar.due(floor_minute(started_at.at), ACCEPTANCE_MINUTES))
    due = walked.subject.carrying.computed(norm_ends_at)
    until = as_of if ended_at is None else ended_at.at
    return Clock(
        started_at=started_at,
        due_at=due,
        ended_at=ended_at,
        working_minutes=max(0, calendar.working_minutes(started_at.at, until)),
        lateness_minutes=max(0, calendar.working_minutes(ceil_minute(due.at), until)),
    )


def _resolution(walked: Walk, measured: Measured) -> Clock | None:
    if walked.began_at is None:
        return None
    return Clock(
        started_at=walked.began_at,
        due_at=walked.dues.judged,
        ended_at=None if walked.finish is None else walked.finish.at,
        working_minutes=sum(hold.working_minutes for hold in measured.holds if not hold.stretch.paused),
        lateness_minutes=measured.lateness_minutes,
    )


def _pick_up(walked: Walk, as_of: datetime) -> Clock | None:
    finish = completion(walked)
    if finish is None:
        return None
    ended_at: Instant | None = None if walked.delivered is None else walked.delivered.at
    until = as_of if ended_at is None else ended_at.at
    return Clock(
        started_at=finish,
        due_at=None,
        ended_at=ended_at,
        working_minutes=walked.subject.calendar.working_minutes(finish.at, until),
        lateness_minutes=None,
    )


def completion(walked: Walk) -> Instant | None:
    """When the case was completed; a result that was delivered without a completion stands for it (rule H6)."""
    if walked.finish is None or isinstance(walked.finish.fact, Declined | Withdrawn):
        return None
    return walked.finish.at
