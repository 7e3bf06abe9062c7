"""A timeline as an answer."""

from tiendo_contracts.answers.anomaly_messages import anomaly_message
from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.timelines import (
    AnomalyAnswer,
    AttributionAnswer,
    ClockAnswer,
    ClocksAnswer,
    HoldAnswer,
    TimelineAnswer,
)
from tiendo_contracts.problems import Language
from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import CaseTimeline, Clock, Hold
from tiendo_query.answering.parties import bearer, holder, named


def timeline_answer(
    timeline: CaseTimeline, *, language: Language, as_of: str, known_at: str | None, simulated: bool
) -> TimelineAnswer:
    """The answer that shows the timeline; `as_of` and `known_at` as they are to be shown."""
    return TimelineAnswer.model_validate(
        {
            "simulated": simulated,
            "notice": notice_of(simulated=simulated),
            "case_id": timeline.case_id,
            "source": timeline.source,
            "unit": named(timeline.unit),
            "procedure": named(timeline.procedure),
            "field": named(timeline.field),
            "channel": timeline.channel,
            "state": timeline.state.value,
            "class": None if timeline.case_class is None else timeline.case_class.value,
            "overdue": timeline.overdue,
            "provisional": timeline.provisional,
            "accepted": timeline.accepted,
            **_instants(timeline),
            "lateness_minutes": timeline.lateness_minutes,
            "system_lateness_minutes": timeline.system_lateness_minutes,
            "late_entry_minutes": timeline.late_entry_minutes,
            "late_entry_party": None if timeline.late_entry_party is None else holder(timeline.late_entry_party),
            "policy": timeline.policy.value,
            "basis": timeline.basis.value,
            "as_of": as_of,
            "known_at": known_at,
            "calendar_version": timeline.calendar_version,
            "event_count": timeline.event_count,
            "last_position": timeline.last_position,
            "clocks": ClocksAnswer(
                acceptance=_clock(timeline.clocks.acceptance),
                resolution=_clock(timeline.clocks.resolution),
                pick_up=_clock(timeline.clocks.pick_up),
            ),
            "holds": [hold_answer(hold) for hold in timeline.holds],
            "attributions": [
                AttributionAnswer(
                    party=bearer(share.party), minutes=share.minutes, rule=share.rule, event_ids=list(share.event_ids)
                )
                for share in timeline.attributions
            ],
            "anomalies": [
                AnomalyAnswer(
                    kind=anomaly.kind.value,
                    event_ids=list(anomaly.event_ids),
                    message=anomaly_message(anomaly.kind, language),
                )
                for anomaly in timeline.anomalies
            ],
        }
    )


def hold_answer(hold: Hold) -> HoldAnswer:
    """One hold of the timeline."""
    return HoldAnswer(
        party=holder(hold.party),
        step=named(hold.step),
        started_at=hold.started_at.text,
        ended_at=_text(hold.ended_at),
        working_minutes=hold.working_minutes,
        allotted_minutes=hold.allotted_minutes,
        overrun_minutes=hold.overrun_minutes,
        lateness_in_minutes=hold.lateness_in_minutes,
        lateness_out_minutes=hold.lateness_out_minutes,
        paused=hold.paused,
        inferred=hold.inferred,
        absent=hold.absent,
        marks=[mark.value for mark in hold.marks],
        event_ids=list(hold.event_ids),
    )


def _instants(timeline: CaseTimeline) -> dict[str, str | None]:
    return {
        "submitted_at": _text(timeline.submitted_at),
        "received_at": _text(timeline.received_at),
        "due_at": _text(timeline.due_at),
        "due_recomputed_at": _text(timeline.due_recomputed_at),
        "judged_due_at": _text(timeline.judged_due_at),
        "completed_at": _text(timeline.completed_at),
        "finished_at": _text(timeline.finished_at),
        "delivered_at": _text(timeline.delivered_at),
    }


def _clock(clock: Clock | None) -> ClockAnswer | None:
    if clock is None:
        return None
    return ClockAnswer(
        started_at=clock.started_at.text,
        due_at=_text(clock.due_at),
        ended_at=_text(clock.ended_at),
        working_minutes=clock.working_minutes,
        lateness_minutes=clock.lateness_minutes,
    )


def _text(instant: Instant | None) -> str | None:
    return None if instant is None else instant.text
