"""The system's lateness: that of the case by the instants at which its events were recorded (rule T4), without telling who held it.

Where the events were recorded in the order in which they happened, the course of the case is the same on both bases: who held it, when the clock
stood, what ended it, each by the same events. Only the instants of these events are others, and with them the dues. So what the dues were told on
basis occurred is told again with the instants recorded, and nothing else need be read twice.
"""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

from msgspec import Struct

from tiendo_domain.calendar import ceil_minute
from tiendo_domain.case_event import CaseEvent
from tiendo_domain.instants import Instant
from tiendo_domain.rules import RuleBook
from tiendo_domain.timeline.dues import DueTrack
from tiendo_domain.timeline.on_basis import OnBasis, read_on_basis
from tiendo_domain.timeline.placed import Placed, instant_recorded
from tiendo_domain.timeline.subject import Subject
from tiendo_domain.timeline.walk import Walk, beginning
from tiendo_domain.timeline_types import Basis


class OnRecord(Struct, frozen=True, kw_only=True):
    """The lateness of a case on basis recorded, None where no due is known or nothing began; `provisional` while it has no finish there."""

    lateness_minutes: int | None
    provisional: bool


def on_record_as(recorded: OnBasis) -> OnRecord:
    """What the reading on basis recorded says."""
    return OnRecord(lateness_minutes=recorded.measured.lateness_minutes, provisional=recorded.walked.finish is None)


def on_record(known: Sequence[CaseEvent], rules: RuleBook, as_of: datetime, occurred: OnBasis) -> OnRecord:
    """The system's lateness of a case of which the reading on basis occurred is known."""
    walked = occurred.walked
    if not (_recorded_in_order(occurred.counted.events, as_of) and _about_the_same(walked, rules)):
        return on_record_as(read_on_basis(known, rules, as_of, Basis.RECORDED))
    return OnRecord(lateness_minutes=_lateness(walked, as_of), provisional=walked.finish is None)


def _recorded_in_order(counted: Sequence[Placed], as_of: datetime) -> bool:
    """Whether the same events count on both bases, in the same order: of events that were to be taken as they fit (rule T1) nothing is said."""
    return all(
        one.moment != other.moment and one.recorded_at.at <= other.recorded_at.at for one, other in pairwise(counted)
    ) and (not counted or counted[-1].recorded_at.at <= as_of)


def _about_the_same(walked: Walk, rules: RuleBook) -> bool:
    """Whether the case began on the same local date, so that the same rules hold for it (rule T6)."""
    began, began_at = walked.began, walked.began_at
    if began is None or began_at is None:
        return True
    recorded_at = beginning(began, instant_recorded)
    if recorded_at is None or recorded_at.at == began_at.at:
        return True
    zones = {rules.default_calendar.zone, walked.subject.calendar.zone}
    return all(_date(recorded_at, zone) == _date(began_at, zone) for zone in zones)


def _lateness(walked: Walk, as_of: datetime) -> int | None:
    """The unpaused working minutes from the judged due to the finish, or to `as_of`, never before the holds began (rule D4)."""
    began_at = beginning(walked.began, instant_recorded)
    if began_at is None:
        return None
    track = _dues_on_record(walked, walked.subject, began_at, as_of)
    judged = track.dues.judged
    if judged is None:
        return None
    ended_at = as_of if walked.finish is None else walked.finish.recorded_at.at
    if ended_at <= judged.at:
        return 0
    worked_until = walked.subject.calendar.coordinate
    late_from = max(worked_until(ceil_minute(judged.at)), worked_until(began_at.at))
    late = max(0, worked_until(ended_at) - late_from)
    return late - sum(
        max(0, worked_until(end.at) - max(worked_until(start.at), late_from)) for start, end in track.pauses
    )


def _dues_on_record(walked: Walk, subject: Subject, began_at: Instant, as_of: datetime) -> DueTrack:
    """The dues as they are told on basis occurred, by the instants recorded."""
    track = DueTrack(
        carrying=subject.carrying, mode=subject.pause_mode, began_at=began_at, as_of=as_of, at=instant_recorded
    )
    for step in walked.due_steps:
        track.take(step)
    return track


def _date(instant: Instant, zone: ZoneInfo) -> date:
    return instant.at.astimezone(zone).date()
