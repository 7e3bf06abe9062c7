"""What does not fit, named and in order (rule C, anomalies)."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from tiendo_domain.calendar import ceil_minute, floor_minute
from tiendo_domain.timeline.classes import evidence_of
from tiendo_domain.timeline.names import EventNames
from tiendo_domain.timeline.placed import Finding
from tiendo_domain.timeline.walk import Walk
from tiendo_domain.timeline_types import Anomaly, AnomalyKind

SILENT_TAIL_MINUTES = 4_800


def named_anomalies(findings: Iterable[Finding], names: EventNames) -> tuple[Anomaly, ...]:
    """The findings by the place of their first event, then by kind; what was found twice stands once."""
    ordered = sorted(
        findings,
        key=lambda finding: (finding.events[0].place, finding.kind.value, [one.place for one in finding.events]),
    )
    anomalies = [
        Anomaly(kind=finding.kind, event_ids=tuple(names.of(one) for one in finding.events)) for finding in ordered
    ]
    return tuple(dict.fromkeys(anomalies))


def findings_of(walked: Walk, as_of: datetime, *, overdue: bool) -> Iterator[Finding]:
    """All that is irregular in the walk, also what shows only at its end."""
    yield from walked.findings
    if walked.began is None or walked.began_at is None or not walked.stretches:
        return
    judged, finish = walked.dues.judged, walked.finish
    if judged is None:
        yield Finding(kind=AnomalyKind.MISSING_DUE, events=(walked.began,))
    elif ceil_minute(judged.at) < floor_minute(walked.began_at.at):
        yield Finding(kind=AnomalyKind.DUE_BEFORE_RECEIVED, events=(walked.dues.setter or walked.began,))
    if overdue and judged is not None and finish is not None:
        evidence = evidence_of(finish)
        if evidence is not None and evidence.is_signed_by(judged, walked.subject.calendar.zone):
            yield Finding(kind=AnomalyKind.EVIDENCE_BEFORE_FINISH, events=(finish,))
    silent_at = silent_from(walked)
    if walked.tail is not None and silent_at is not None and (as_of if finish is None else finish.at.at) >= silent_at:
        yield Finding(kind=AnomalyKind.SILENT_TAIL, events=(walked.tail,))


def silent_from(walked: Walk) -> datetime | None:
    """The instant from which the end of the case is silent if it does not end before (`silent-tail`); None where a pause is open, or nothing began."""
    if walked.tail is None or walked.began is None or not walked.stretches:
        return None
    return walked.subject.calendar.due(floor_minute(walked.tail.at.at), SILENT_TAIL_MINUTES + 1)
