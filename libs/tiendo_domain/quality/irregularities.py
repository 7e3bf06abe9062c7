"""What is irregular in one case."""

from collections.abc import Iterator

from tiendo_domain.facts import Mark
from tiendo_domain.quality.kinds import OtherKind, QualityKind
from tiendo_domain.quality.thresholds import THRESHOLDS, Thresholds
from tiendo_domain.timeline_types import CaseClass, CaseTimeline, Hold, PartyKind

_OF_MARK = {Mark.SENDER_REPAIR: OtherKind.SENDER_REPAIR, Mark.STATUS_UNMAPPED: OtherKind.STATUS_UNMAPPED}


def irregularities_of(timeline: CaseTimeline, thresholds: Thresholds = THRESHOLDS) -> tuple[QualityKind, ...]:
    """The kinds of what is irregular in the case, each once, sorted: its anomalies, its class, its holds; nothing of ACROSS_CASES."""
    found: set[QualityKind] = {anomaly.kind for anomaly in timeline.anomalies}
    if timeline.case_class is CaseClass.UNPROVEN:
        found.add(OtherKind.UNPROVEN)
    if _is_too_short(timeline, thresholds):
        found.add(OtherKind.IMPOSSIBLE_DURATION)
    for hold in timeline.holds:
        found.update(_of_hold(hold, thresholds))
    return tuple(sorted(found))


def doubtful_kinds(hold: Hold, thresholds: Thresholds = THRESHOLDS) -> Iterator[QualityKind]:
    """What makes the minutes of a hold doubtful, apart from the anomalies of its events."""
    for mark in hold.marks:
        if mark in _OF_MARK:
            yield _OF_MARK[mark]
    if hold.party.kind is PartyKind.OFFICER and hold.inferred:
        yield OtherKind.INFERRED_HOLDER
    # Of one that goes on the anomaly `silent-tail` tells.
    is_over = hold.ended_at is not None and not hold.paused
    if hold.party.kind is PartyKind.OFFICER and is_over and hold.working_minutes > thresholds.hold_minutes_max:
        yield OtherKind.IMPOSSIBLE_DURATION


def _of_hold(hold: Hold, thresholds: Thresholds) -> Iterator[QualityKind]:
    if hold.ended_at is not None and hold.ended_at.at <= hold.started_at.at:
        return  # It bears nothing (rule H5).
    yield from doubtful_kinds(hold, thresholds)
    if hold.party.kind is not PartyKind.OFFICER:
        return
    if hold.allotted_minutes is None and not hold.paused:
        yield OtherKind.STEP_WITHOUT_ALLOTMENT
    unit = hold.party.unit
    if unit is None or (unit.id is None and unit.name is None):
        yield OtherKind.OFFICER_WITHOUT_UNIT


def _is_too_short(timeline: CaseTimeline, thresholds: Thresholds) -> bool:
    received, completed = timeline.received_at, timeline.completed_at
    if received is None or completed is None:
        return False
    return (completed.at - received.at).total_seconds() < thresholds.case_seconds_min
