"""Where a case counts in the statistical forms II.06a/VPCP/KSTT and Decision 766: one case at a time, on basis recorded, by local date.

The forms compare days, not minutes: who resolves a case in the afternoon of its due day is on time there, whatever rule D4 says. So their figures
are named for themselves and stand beside `overdue-ratio/1`, never in its place.
"""

from collections.abc import Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from msgspec import Struct

from tiendo_domain.overdue import is_open
from tiendo_domain.timeline_types import CaseClass, CaseTimeline, State

PAUSED_STATES: Final = frozenset({State.WAITING_APPLICANT, State.WAITING_PAYMENT, State.SUSPENDED})
"""States in which the clock stands; a consultation is no pause (rule H4)."""

_OVERDUE_WHATEVER_THE_DAY: Final = frozenset({CaseClass.LATE_ENTRY, CaseClass.UNPROVEN})
_NEVER_OVERDUE: Final = frozenset({CaseClass.LATE_SYNC, CaseClass.PAUSE_NOT_RESPECTED})


class FormStanding(StrEnum):
    """What became of a case in the period: resolved, or in process at its end."""

    RESOLVED_EARLY = "resolved_early"
    RESOLVED_ON_TIME = "resolved_on_time"
    RESOLVED_OVERDUE = "resolved_overdue"
    OPEN_IN_TIME = "open_in_time"
    OPEN_OVERDUE = "open_overdue"


RESOLVED: Final = frozenset({FormStanding.RESOLVED_EARLY, FormStanding.RESOLVED_ON_TIME, FormStanding.RESOLVED_OVERDUE})


class FormChannel(StrEnum):
    """How a case of the period came in; of one that was carried over it is not asked."""

    CARRIED_OVER = "carried_over"
    ONLINE = "online"
    DIRECT = "direct"
    UNKNOWN = "unknown"


class FormCase(Struct, frozen=True, kw_only=True):
    """A case as the forms count it: each in one place of those received, and in one of those resolved or in process.

    `paused`: in process, and the clock stands. `ended_as`: declined or withdrawn, counted as resolved on time. `without_due`: no due is known.
    """

    channel: FormChannel
    standing: FormStanding
    paused: bool
    ended_as: State | None
    without_due: bool


class FormPeriod(Struct, frozen=True, kw_only=True):
    """The half-open period [start, end), looked at from `seen_at`: its end, or an earlier instant while it is not over; days are those of `zone`."""

    start: datetime
    end: datetime
    seen_at: datetime
    zone: ZoneInfo

    def day_of(self, at: datetime) -> date:
        """The local date."""
        return at.astimezone(self.zone).date()


def form_case(timeline: CaseTimeline, period: FormPeriod) -> FormCase | None:
    """Where the case counts; None where it is none of the period's.

    The timeline is to be on basis recorded, as at the last moment of the period (T4, T5): what was recorded after it has not happened.
    """
    finished = timeline.finished_at
    if finished is None:
        if not is_open(timeline):
            return None
        standing, ended_as = _open_standing(timeline, period), None
    else:
        if not period.start <= finished.at < period.end:
            return None
        standing = _resolved_standing(timeline, finished.at, period)
        ended_as = timeline.state if timeline.state in {State.DECLINED, State.WITHDRAWN} else None
    return FormCase(
        channel=_channel(timeline, period),
        standing=standing,
        paused=finished is None and timeline.state in PAUSED_STATES,
        ended_as=ended_as,
        without_due=timeline.judged_due_at is None and ended_as is None,
    )


def _open_standing(timeline: CaseTimeline, period: FormPeriod) -> FormStanding:
    """Overdue once the day of the judged due is over; the due was moved by every pause, also one still open (D2)."""
    due = timeline.judged_due_at
    is_past = due is not None and period.day_of(due.at) < period.day_of(period.seen_at)
    return FormStanding.OPEN_OVERDUE if is_past else FormStanding.OPEN_IN_TIME


def _resolved_standing(timeline: CaseTimeline, finished_at: datetime, period: FormPeriod) -> FormStanding:
    due, case_class = timeline.judged_due_at, timeline.case_class
    if due is None or timeline.state in {State.DECLINED, State.WITHDRAWN}:
        return FormStanding.RESOLVED_ON_TIME
    finished_on, due_on = period.day_of(finished_at), period.day_of(due.at)
    if case_class in _OVERDUE_WHATEVER_THE_DAY:
        return FormStanding.RESOLVED_OVERDUE
    if finished_on < due_on:
        return FormStanding.RESOLVED_EARLY
    if finished_on == due_on or case_class in _NEVER_OVERDUE:
        return FormStanding.RESOLVED_ON_TIME
    return FormStanding.RESOLVED_OVERDUE


def _channel(timeline: CaseTimeline, period: FormPeriod) -> FormChannel:
    began_at = _began_at(timeline)
    if began_at is not None and began_at < period.start:
        return FormChannel.CARRIED_OVER
    match timeline.channel:
        case "online":
            return FormChannel.ONLINE
        case "counter" | "post":
            return FormChannel.DIRECT
        case _:
            return FormChannel.UNKNOWN


def _began_at(timeline: CaseTimeline) -> datetime | None:
    """When it was received, else (missing-reception) when its holds begin, else (declined at once) when it was submitted."""
    holds: Sequence[datetime] = [hold.started_at.at for hold in timeline.holds[:1]]
    known = [instant.at for instant in (timeline.received_at,) if instant is not None] or holds
    if known:
        return known[0]
    return None if timeline.submitted_at is None else timeline.submitted_at.at


COUNT_NAMES: Final = (
    *(f"received_{channel.value}" for channel in FormChannel),
    *(standing.value for standing in FormStanding),
    "paused_in_time",
    "paused_overdue",
    "declined",
    "withdrawn",
    "resolved_without_due",
    "open_without_due",
)


def counted(case: FormCase) -> tuple[int, ...]:
    """The case as counts, 0 or 1 each, in the order of `COUNT_NAMES`."""
    resolved = case.standing in RESOLVED
    places = {
        f"received_{case.channel.value}",
        case.standing.value,
        *({"paused_in_time"} if case.paused and case.standing is FormStanding.OPEN_IN_TIME else ()),
        *({"paused_overdue"} if case.paused and case.standing is FormStanding.OPEN_OVERDUE else ()),
        *(() if case.ended_as is None else (case.ended_as.value,)),
        *(("resolved_without_due" if resolved else "open_without_due",) if case.without_due else ()),
    }
    return tuple(int(name in places) for name in COUNT_NAMES)
