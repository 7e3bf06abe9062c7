"""Late, or only recorded late (rule C, classes)."""

from msgspec import Struct

from tiendo_domain.calendar import ceil_minute
from tiendo_domain.facts import Completed, Declined, SignedDocument, Withdrawn
from tiendo_domain.timeline.measured import Measured
from tiendo_domain.timeline.placed import Placed
from tiendo_domain.timeline.walk import Walk
from tiendo_domain.timeline_types import CaseClass, Party


class Classified(Struct, frozen=True, kw_only=True):
    """The class of a case, the working minutes by which a finish in time was recorded late, and who held the case then.

    `accepted` is None but for a late entry, which a named person has yet to accept.
    """

    case_class: CaseClass | None = None
    accepted: bool | None = None
    late_entry_minutes: int = 0
    late_entry_party: Party | None = None


def classify(walked: Walk, measured: Measured) -> Classified:
    """The class on basis occurred; None while the case is open, where it was declined or withdrawn, or no due is known."""
    finish, judged, stated = walked.finish, walked.dues.judged, walked.dues.stated_carried
    if finish is None or judged is None or not measured.holds or isinstance(finish.fact, Declined | Withdrawn):
        return Classified()
    if measured.overdue:
        return Classified(case_class=CaseClass.ACTUAL)
    calendar = walked.subject.calendar
    minutes = calendar.working_minutes(ceil_minute(judged.at), finish.recorded_at.at)
    if minutes > 0:
        proven = _is_proven(walked)
        return Classified(
            case_class=CaseClass.LATE_ENTRY if proven else CaseClass.UNPROVEN,
            accepted=False if proven else None,
            late_entry_minutes=minutes,
            late_entry_party=last_party(measured),
        )
    paused = any(hold.stretch.paused for hold in measured.holds)
    if stated is not None and finish.at.at > stated.at and paused:
        return Classified(case_class=CaseClass.PAUSE_NOT_RESPECTED)
    return Classified(case_class=CaseClass.ON_TIME)


def last_party(measured: Measured) -> Party:
    """Who held the case at its finish; a hold of no length bears nothing (rule H5)."""
    lasting = (hold.stretch for hold in reversed(measured.holds) if hold.stretch.lasts)
    return next(lasting, measured.holds[-1].stretch).holder.party


def _is_proven(walked: Walk) -> bool:
    """Whether a numbered document was signed by the judged due."""
    evidence = evidence_of(walked.finish)
    if evidence is None or evidence.document_number is None or walked.dues.judged is None:
        return False
    return evidence.is_signed_by(walked.dues.judged, walked.subject.calendar.zone)


def evidence_of(finish: Placed | None) -> SignedDocument | None:
    """The document that a completion states for its finish."""
    return finish.fact.evidence if finish is not None and isinstance(finish.fact, Completed) else None
