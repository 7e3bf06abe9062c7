"""The work list of late entries: the candidates that nobody has decided on, and of each what is there and what is missing (rule E2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.facts import Completed, SignedDocument
from tiendo_domain.timeline import standing_events
from tiendo_domain.timeline_types import AnomalyKind, CaseClass, CaseTimeline, ExplanationState, Party
from tiendo_query.cases.case_pages import AskedCases, PageOfCases, case_page
from tiendo_query.cases.single_cases import SeenCase
from tiendo_query.desk.evidence_batch import objection_to_evidence
from tiendo_query.desk.folded_cases import seen_cases
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_runtime.authentication.people import SignedInPerson

ROWS_MAX: Final = 25

_UNPROVEN: Final = Words(
    vi="ghi kết thúc trong hạn nhưng nhập sau hạn, chưa có văn bản chứng minh",
    en="finished in time, entered after the due, without evidence",
)
_WAITS: Final = Words(
    vi="có văn bản ký trong hạn, chờ người có thẩm quyền công nhận",
    en="evidence signed in time waits for somebody to accept it",
)
_SIGNED_BEFORE: Final = Words(
    vi="văn bản ký trong hạn nhưng kết thúc ghi sau hạn", en="signed in time, but the finish recorded after the due"
)
_TOGETHER: Final = Words(
    vi="kết thúc rơi vào đợt bấm dồn, hoặc lúc nguồn không gửi dữ liệu",
    en="finished in a burst of clicking, or in a silence of the source",
)
_PAPER: Final = Words(
    vi="số và ngày văn bản kết quả, ký không muộn hơn hạn", en="number and date of the result, signed not after the due"
)
_MOMENT: Final = Words(vi="đã xong lúc nào", en="when it was finished")
_DECISION: Final = Words(vi="quyết định của người có thẩm quyền", en="a decision")


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntryCandidate:
    """A case that may only have been entered late: why, the evidence that is there, what is missing, and why the reader may say nothing of it."""

    timeline: CaseTimeline
    why: Words
    paper: SignedDocument | None
    missing: Sequence[Words]
    held_at_finish: Party | None
    by_rule_minutes: int
    minutes: int
    is_explained: bool
    objection: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntryWork:
    """A page of the list."""

    page: PageOfCases
    candidates: Sequence[LateEntryCandidate]
    simulated: bool


async def late_entry_work(  # noqa: PLR0917 - what is asked, by whom
    side: QuerySide,
    snapshot: Snapshot,
    person: SignedInPerson,
    days: tuple[date, date],
    unit: str | None,
    cursor: str | None,
    now: datetime,
) -> LateEntryWork:
    """The candidates of the period that the person sees, by case id. Raises the refusals of an unknown unit and of a foreign cursor."""
    asked = candidates_of(days, unit)
    page = await case_page(side, snapshot, replace(asked, cursor=cursor), both_ways=True)
    seen = await seen_cases(side, snapshot, [record["case_id"] for record in page.records], now)
    return LateEntryWork(
        page=page,
        candidates=[_candidate(snapshot, person, one, now) for one in seen],
        simulated=any(one.simulated for one in seen),
    )


def candidates_of(days: tuple[date, date], unit: str | None, limit: int = ROWS_MAX) -> AskedCases:
    """The question that the list answers: `GET /v1/cases?late_entry_candidate=true`."""
    return AskedCases(limit=limit, from_=days[0], to=days[1], unit=unit, late_entry_candidate=True)


def _candidate(snapshot: Snapshot, person: SignedInPerson, seen: SeenCase, now: datetime) -> LateEntryCandidate:
    timeline = seen.timeline
    paper = next(
        (
            event.fact.evidence
            for event in reversed(standing_events(seen.events))
            if isinstance(event.fact, Completed) and event.fact.evidence is not None
        ),
        None,
    )
    return LateEntryCandidate(
        timeline=timeline,
        why=_why(timeline),
        paper=paper,
        missing=_missing(timeline, paper),
        held_at_finish=timeline.late_entry_party or (timeline.holds[-1].party if timeline.holds else None),
        by_rule_minutes=(timeline.lateness_by_rule_minutes or 0) + timeline.late_entry_by_rule_minutes,
        minutes=(timeline.lateness_minutes or 0) + sum(one.minutes for one in timeline.late_entries),
        is_explained=any(one.state is ExplanationState.PENDING for one in timeline.explanations),
        objection=objection_to_evidence(snapshot, person, seen, now),
    )


def _why(timeline: CaseTimeline) -> Words:
    if timeline.case_class is CaseClass.UNPROVEN:
        return _UNPROVEN
    if timeline.case_class is CaseClass.LATE_ENTRY:
        return _WAITS
    signed_before = any(one.kind is AnomalyKind.EVIDENCE_BEFORE_FINISH for one in timeline.anomalies)
    return _SIGNED_BEFORE if signed_before else _TOGETHER


def _missing(timeline: CaseTimeline, paper: SignedDocument | None) -> list[Words]:
    """What a late entry needs (rule E2) and nobody has said."""
    due = timeline.judged_due_at
    is_proven = (
        paper is not None
        and paper.document_number is not None
        and due is not None
        and paper.is_signed_by(due, timeline.calendar.zone)
    )
    found = [] if is_proven else [_PAPER]
    if timeline.case_class is CaseClass.ACTUAL:
        found.append(_MOMENT)
    return found or [_DECISION]
