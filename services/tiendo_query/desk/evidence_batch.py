"""Evidence for many cases at once: each row becomes one explanation that asks for a late entry, or, from who decides, one decision on it.

Every row is checked wholly, by the door, by the rights and by the case as it stands, before anything of any row is sent (rule E2).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from tiendo_contracts.problems.problem_documents import detail_in_words
from tiendo_contracts.problems.problem_kinds import Refusal, Words
from tiendo_domain.accountability import ExplainedCase, Objection, objection
from tiendo_domain.explanations import Difficulty, EffectKind, ExplanationDecided, ExplanationFiled, LateEntryEffect
from tiendo_domain.rules import UnitLines
from tiendo_domain.timeline import standing_events, unit_parents
from tiendo_domain.timeline_types import CaseClass, CaseTimeline, Explanation, ExplanationState
from tiendo_query.cases.single_cases import CaseView, SeenCase, seen_case
from tiendo_query.desk.drafting import SOURCE, Member, Stamp, UnsentEvent, document, drafted, filed, said
from tiendo_query.desk.previewing import Preview, known_case, preview
from tiendo_query.names.known_officers import officer_key
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_runtime.authentication import Scope
from tiendo_runtime.authentication.authors import author_of
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_sources.evidence.evidence_file import EvidenceColumn, EvidenceRow

_CLASSES: Final = frozenset({CaseClass.ACTUAL, CaseClass.UNPROVEN, CaseClass.LATE_ENTRY})
_MISSING: Final = Words(vi="chưa điền", en="not filled in")
_UNKNOWN: Final = Words(
    vi="không có hồ sơ nào có mã này trong phạm vi ông/bà xem được", en="no case that you see has this code"
)
_TWICE: Final = Words(vi="hồ sơ này đã có ở dòng trên", en="a row above is of this case")
_OPEN: Final = Words(vi="hồ sơ chưa kết thúc", en="the case is not finished")
_NOT_LATE: Final = Words(
    vi="hồ sơ không phải quá hạn, quên thao tác hay chưa minh chứng: không cần minh chứng",
    en="the case is neither late, nor entered late, nor unproven: no evidence is needed",
)
_DECIDED: Final = Words(vi="hồ sơ đã được công nhận quên thao tác", en="it is decided to be a late entry already")
_SIGNED_LATE: Final = Words(
    vi="văn bản ký sau hạn của hồ sơ: không chứng minh được là đã xong trong hạn (E2)",
    en="the document is signed after the due: it does not prove that the case was finished in time (E2)",
)
_FINISHED_LATE: Final = Words(vi="sau hạn của hồ sơ (E2)", en="after the due of the case (E2)")
_FINISHED_NEEDED: Final = Words(
    vi="hồ sơ quá hạn thực tế: nêu đã xong lúc nào (E2)", en="the case is late: say when it was finished (E2)"
)
_NO_DAY: Final = Words(vi="ngày không đúng; viết như 15/08/2022", en="no such day; write it as 15/08/2022")
_NO_MOMENT: Final = Words(
    vi="ngày giờ không đúng; viết như 15/08/2022 09:55", en="no such instant; write it as 15/08/2022 09:55"
)
_TIMES: Final[Mapping[EvidenceColumn | None, Words]] = {
    EvidenceColumn.SIGNED: _NO_DAY,
    EvidenceColumn.FINISHED: _NO_MOMENT,
}
_OBJECTIONS: Final[Mapping[Objection, Words]] = {
    Objection.BEARS_SOMETHING: Words(
        vi="ông/bà chịu một phần trong hồ sơ này, do cấp trên quyết định",
        en="you bear a part in this case: whoever is above you decides",
    ),
    Objection.NOT_OF_THEIR_UNITS: Words(
        vi="có bên chịu phần trong hồ sơ này không thuộc đơn vị của ông/bà",
        en="somebody who bears a part in this case is not of your units",
    ),
    Objection.NOT_THEIR_OWN: Words(
        vi="anh/chị chỉ giải trình cho chính mình, trong hồ sơ đã giữ",
        en="you explain for yourself alone, in cases that you held",
    ),
    Objection.ANOTHER_DECIDES: Words(vi="người khác quyết định", en="somebody else decides"),
}
_COLUMNS: Final = {
    "subject": EvidenceColumn.CASE,
    "data.documents.0.document_number": EvidenceColumn.NUMBER,
    "data.documents.0.signed_at": EvidenceColumn.SIGNED,
    "data.asks.evidence.document_number": EvidenceColumn.NUMBER,
    "data.asks.evidence.signed_at": EvidenceColumn.SIGNED,
    "data.asks.finished_at": EvidenceColumn.FINISHED,
    "data.effects.0.evidence.document_number": EvidenceColumn.NUMBER,
    "data.effects.0.evidence.signed_at": EvidenceColumn.SIGNED,
    "data.effects.0.finished_at": EvidenceColumn.FINISHED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDecision:
    """What who decides says of all rows alike: the document of the decision, their position, and why; texts as they were typed."""

    document_number: str
    document_signed: str
    position: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchFault:
    """What is wrong with a row, in which column; None: with none of them, but with the decision that holds for all rows."""

    row: EvidenceRow
    column: EvidenceColumn | None
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyRow:
    """A row that is ready to be sent: its event, the case as it is, and for a decision what it would become."""

    row: EvidenceRow
    timeline: CaseTimeline
    unsent: UnsentEvent
    preview: Preview | None
    answers: Explanation | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedBatch:
    """All rows checked: what is wrong with some of them, or every row ready; `said` were sent before, under the same id."""

    ready: Sequence[ReadyRow]
    faults: Sequence[BatchFault]
    said: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceBatch:
    """The rows that somebody sends, under an id that makes the same rows the same events however often they are sent.

    `decision` is None for an officer, who explains.
    """

    id: UUID
    rows: Sequence[EvidenceRow]
    person: SignedInPerson
    decision: BatchDecision | None


async def checked_batch(side: QuerySide, snapshot: Snapshot, batch: EvidenceBatch, now: datetime) -> CheckedBatch:
    """Every row checked; of each row the first fault of a column is told."""
    ready: list[ReadyRow] = []
    faults: list[BatchFault] = []
    cases: set[str] = set()
    before = 0
    for row in batch.rows:
        found = [*_unfilled(row)]
        if not found:
            outcome = await _checked(side, snapshot, batch, row, now)
            if outcome is None:
                before += 1
            elif isinstance(outcome, ReadyRow) and outcome.timeline.case_id in cases:
                found.append(BatchFault(row=row, column=EvidenceColumn.CASE, words=_TWICE))
            elif isinstance(outcome, ReadyRow):
                cases.add(outcome.timeline.case_id)
                ready.append(outcome)
            else:
                found += outcome
        faults += found
    return CheckedBatch(ready=ready, faults=faults, said=before)


def objection_to_evidence(snapshot: Snapshot, person: SignedInPerson, seen: SeenCase, now: datetime) -> Words | None:
    """Why the person may not say of the case that it was finished in time, whatever the document; None if they may."""
    decides = Scope.DECIDE in person.scopes
    on = now.astimezone(snapshot.zone).date().isoformat()
    row = EvidenceRow(number=0, case_id=seen.timeline.case_id, document_number="-", signed_at=on, finished_at="")
    decision = BatchDecision(document_number="-", document_signed=on, position="", text="-") if decides else None
    batch = EvidenceBatch(id=UUID(int=0), rows=(row,), person=person, decision=decision)
    unsent = _unsent(batch, row, seen, None if decision is None else _answered(seen.timeline), now)
    return next((one.words for one in _objected(snapshot, batch, row, seen, unsent, now)), None)


def _unfilled(row: EvidenceRow) -> Iterator[BatchFault]:
    for column in (EvidenceColumn.CASE, EvidenceColumn.NUMBER, EvidenceColumn.SIGNED):
        if not getattr(row, column):
            yield BatchFault(row=row, column=column, words=_MISSING)


async def _checked(
    side: QuerySide, snapshot: Snapshot, batch: EvidenceBatch, row: EvidenceRow, now: datetime
) -> ReadyRow | list[BatchFault] | None:
    """The row ready, or what is wrong with it; None of what was sent before."""
    known = await known_case(snapshot, row.case_id)
    if known is None:
        return [BatchFault(row=row, column=EvidenceColumn.CASE, words=_UNKNOWN)]
    seen = await seen_case(side, snapshot, row.case_id, known, CaseView(as_of=now))
    if _is_said(batch, seen.timeline):
        return None
    standing = _of_the_class(seen.timeline)
    if standing is not None:
        return [BatchFault(row=row, column=EvidenceColumn.CASE, words=standing)]
    answers = None if batch.decision is None else _answered(seen.timeline)
    try:
        unsent = _unsent(batch, row, seen, answers, now)
    except Refusal as refusal:
        return [*_refused(row, refusal)]
    faults = [*_objected(snapshot, batch, row, seen, unsent, now), *_too_late(row, seen.timeline, unsent)]
    if faults:
        return faults
    shown = None
    if batch.decision is not None:
        shown = await preview(side, snapshot, seen.timeline.case_id, unsent.event, now)
    return ReadyRow(row=row, timeline=seen.timeline, unsent=unsent, preview=shown, answers=answers)


def _event_id(batch: EvidenceBatch, timeline: CaseTimeline) -> str:
    return uuid5(batch.id, timeline.case_id).hex


def _is_said(batch: EvidenceBatch, timeline: CaseTimeline) -> bool:
    """Whether the case knows what the row would say from an earlier sending of the same form."""
    said_here = {
        *(one.id for one in timeline.explanations if one.source == SOURCE),
        *(one.id for one in timeline.decisions if one.source == SOURCE),
    }
    return _event_id(batch, timeline) in said_here


def _of_the_class(timeline: CaseTimeline) -> Words | None:
    """Why no evidence is wanted of the case; None where it is."""
    if timeline.finished_at is None:
        return _OPEN
    if timeline.case_class not in _CLASSES:
        return _NOT_LATE
    return _DECIDED if timeline.case_class is CaseClass.LATE_ENTRY and timeline.accepted else None


def _answered(timeline: CaseTimeline) -> Explanation | None:
    """The explanation that the decision answers: the one that asks for a late entry, else the only one that waits."""
    pending = [one for one in timeline.explanations if one.state is ExplanationState.PENDING]
    asking = [one for one in pending if one.said.asked_kind is EffectKind.LATE_ENTRY]
    found = asking or pending
    return found[0] if len(found) == 1 else None


def _unsent(
    batch: EvidenceBatch, row: EvidenceRow, seen: SeenCase, answers: Explanation | None, now: datetime
) -> UnsentEvent:
    """The event of the row. Raises Refusal, with all that is wrong with it."""
    timeline = seen.timeline
    zone = timeline.calendar.zone
    stamp = Stamp(case_id=timeline.case_id, event_id=_event_id(batch, timeline), at=now.astimezone(zone))
    finished = _local(row.finished_at, zone)
    effect = {
        "kind": EffectKind.LATE_ENTRY.value,
        "evidence": document(row.document_number, row.signed_at),
        **({"finished_at": finished} if finished else {}),
    }
    if batch.decision is not None:
        return drafted(ExplanationDecided, stamp, _decision(batch.person, batch.decision, effect, answers))
    return filed(
        stamp,
        _officer(batch.person, seen),
        reason=Difficulty.OTHER.value,
        text=f"Hồ sơ đã xong trong hạn theo văn bản số {row.document_number}.",
        asks=effect if finished else EffectKind.LATE_ENTRY.value,
        documents=[document(row.document_number, row.signed_at)],
    )


def _decision(
    person: SignedInPerson, decision: BatchDecision, effect: Member, answers: Explanation | None
) -> Mapping[str, Any]:
    return {
        "explanation": None if answers is None else {"source": answers.source, "id": answers.id},
        "outcome": "accepted",
        "effects": [effect],
        "decided_by": said({"id": person.officer_id, "name": person.name, "position": decision.position}),
        "document": document(decision.document_number, decision.document_signed),
        "text": decision.text,
    }


def _officer(person: SignedInPerson, seen: SeenCase) -> Member:
    """The officer as the case names them; one who never held it as they signed in, for the rights to refuse."""
    key = None if person.officer_id is None else officer_key(person.officer_id, seen.rules)
    party = next((hold.party for hold in seen.timeline.holds if hold.party.key == key), None)
    if party is None:
        return {"id": person.officer_id, "name": person.name}
    return {"id": party.id, "name": party.name, "position": party.position}


def _refused(row: EvidenceRow, refusal: Refusal) -> Iterator[BatchFault]:
    told: set[EvidenceColumn | None] = set()
    for one in (refusal, *refusal.others):
        column = _column_of(one.field)
        if column in told:
            continue
        told.add(column)
        expected = one.values.get("expected")
        words = expected if isinstance(expected, Words) else detail_in_words(one)
        yield BatchFault(row=row, column=column, words=_TIMES.get(column, words))


def _column_of(member: str | None) -> EvidenceColumn | None:
    while member:
        if member in _COLUMNS:
            return _COLUMNS[member]
        member = member.rpartition(".")[0]
    return None


def _objected(  # noqa: PLR0917 - what is judged, and by what
    snapshot: Snapshot, batch: EvidenceBatch, row: EvidenceRow, seen: SeenCase, unsent: UnsentEvent, now: datetime
) -> Iterator[BatchFault]:
    fact = unsent.event.fact
    assert isinstance(fact, ExplanationFiled | ExplanationDecided)  # noqa: S101 - what was drafted
    lines = UnitLines(rules=snapshot.rules, on=now.astimezone(snapshot.zone).date())
    case = ExplainedCase(timeline=seen.timeline, parents=unit_parents(standing_events(seen.events)))
    found = objection(author_of(batch.person, lines), fact, case)
    if found is not None:
        yield BatchFault(row=row, column=EvidenceColumn.CASE, words=_OBJECTIONS[found])


def _too_late(row: EvidenceRow, timeline: CaseTimeline, unsent: UnsentEvent) -> Iterator[BatchFault]:
    """Evidence that would have no effect, so that nobody is told of something that comes to nothing (rule E2)."""
    fact, judged = unsent.event.fact, timeline.judged_due_at
    if judged is None:
        return
    effect = None
    if isinstance(fact, ExplanationDecided) and fact.effects:
        effect = fact.effects[0]
    elif isinstance(fact, ExplanationFiled) and isinstance(fact.asks, LateEntryEffect):
        effect = fact.asks
    paper = effect.evidence if isinstance(effect, LateEntryEffect) else None
    if isinstance(fact, ExplanationFiled) and fact.documents:
        paper = fact.documents[0]
    if paper is not None and not paper.is_signed_by(judged, timeline.calendar.zone):
        yield BatchFault(row=row, column=EvidenceColumn.SIGNED, words=_SIGNED_LATE)
    finished_at = effect.finished_at if isinstance(effect, LateEntryEffect) else None
    if finished_at is not None and finished_at.at > judged.at:
        yield BatchFault(row=row, column=EvidenceColumn.FINISHED, words=_FINISHED_LATE)
    if finished_at is None and timeline.class_by_rule is CaseClass.ACTUAL and isinstance(fact, ExplanationDecided):
        yield BatchFault(row=row, column=EvidenceColumn.FINISHED, words=_FINISHED_NEEDED)


def _local(text: str, zone: ZoneInfo) -> str:
    """The instant with the offset of the zone where it has none; other texts as they are, for the door to refuse, a day without a time among them."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return text
    if ":" not in text:
        return text
    return (at if at.tzinfo is not None else at.replace(tzinfo=zone)).isoformat()
