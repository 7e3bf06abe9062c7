"""What the work list of late entries shows, and what its second step says of named persons."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.explanation import ANOMALY_WORDS, CLASS_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.facts import SignedDocument
from tiendo_domain.timeline_types import AnomalyKind, CaseTimeline, Explanation, Party
from tiendo_query.desk.evidence_batch import BatchFault, CheckedBatch, ReadyRow
from tiendo_query.desk.folded_cases import procedure_name
from tiendo_query.desk.late_entry_work import LateEntryCandidate, LateEntryWork
from tiendo_query.pages.decide.view import effect_words
from tiendo_query.pages.showing import Said, day, moment, party_detail, party_label
from tiendo_sources.evidence.evidence_file import COLUMN_WORDS, EvidenceColumn, EvidenceRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """A candidate with its number on the page, from 1, and what was filled in for it."""

    number: int
    one: LateEntryCandidate
    procedure: str | None
    case_class: Words | None
    holder: Said
    detail: Said
    values: Mapping[EvidenceColumn, str]

    @property
    def timeline(self) -> CaseTimeline:
        """The case."""
        return self.one.timeline

    @property
    def paper(self) -> SignedDocument | None:
        """The evidence that the source sent."""
        return self.one.paper

    def value(self, column: str) -> str:
        """What was filled in."""
        return self.values.get(EvidenceColumn(column), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultRow:
    """What is wrong with a row of what was sent: where it stands, in which column, and what."""

    place: Words
    column: Words | None
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class LateEntriesView:
    """The page. `decides`: whoever looks decides on the evidence, else explains; `sent`: so many were just sent."""

    start: date
    end: date
    rows: Sequence[CandidateRow]
    first: str | None
    previous: str | None
    following: str | None
    decides: bool
    fields: Mapping[str, str]
    kept: Mapping[str, str]
    faults: Sequence[FaultRow]
    fault: Words | None
    sent: int

    def value(self, name: str) -> str:
        """What was filled in for all rows."""
        return self.fields.get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadyView:
    """A row of the second step: the document, the class that the case would have, and what would change for whom."""

    row: EvidenceRow
    signed: str
    procedure: str | None
    class_now: Words | None
    class_then: Words | None
    bearers: Sequence[tuple[Said, Said, int]]
    effects: Sequence[Words]
    answers: Words | None
    marks: Sequence[Words]


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondStepView:
    """The second step: every row with its effect, and what is sent again. `changed`: figures are others than when it was shown."""

    rows: Sequence[ReadyView]
    decides: bool
    fields: Mapping[str, str]
    effects: Sequence[Words]
    document: tuple[str, str]
    changed: bool


def candidate_rows(work: LateEntryWork, values: Mapping[str, Mapping[EvidenceColumn, str]]) -> list[CandidateRow]:
    """The rows; `values` were filled in, by case."""
    label, detail = party_label(names=True), party_detail(names=True)
    rows = []
    for number, one in enumerate(work.candidates, 1):
        party, case_class = one.held_at_finish, one.timeline.case_class
        rows.append(
            CandidateRow(
                number=number,
                one=one,
                procedure=procedure_name(one.timeline),
                case_class=None if case_class is None else CLASS_WORDS[case_class],
                holder="" if party is None else label(party),
                detail="" if party is None else detail(party),
                values=values.get(one.timeline.case_id, {}),
            )
        )
    return rows


_DECISION: Final = Words(vi="Quyết định", en="The decision")
_NEEDED: Final = {
    "document_number": Words(vi="Số văn bản quyết định", en="number of its document"),
    "document_signed": Words(vi="Ngày ký văn bản quyết định", en="date of its document"),
    "text": Words(vi="Nội dung, lý do", en="text"),
}
_MISSING: Final = Words(vi="chưa điền", en="not filled in")


def missing_of_decision(fields: Mapping[str, str]) -> list[FaultRow]:
    """What a decision needs and was not filled in."""
    return [
        FaultRow(place=_DECISION, column=words, words=_MISSING)
        for name, words in _NEEDED.items()
        if not fields.get(name)
    ]


def fault_rows(faults: Sequence[BatchFault], *, of_file: bool) -> list[FaultRow]:
    """The faults by row and column, as they stand in the file, or by case of the table on the page; what is wrong with the decision once."""
    rows = [
        FaultRow(
            place=_DECISION if one.column is None else _place(one.row, of_file=of_file),
            column=None if one.column is None else COLUMN_WORDS[one.column],
            words=one.words,
        )
        for one in faults
    ]
    return list(dict.fromkeys(rows))


def _place(row: EvidenceRow, *, of_file: bool) -> Words:
    if of_file:
        return Words(vi=f"Dòng {row.number} ({row.case_id or '–'})", en=f"Row {row.number} ({row.case_id or '–'})")
    return Words(vi=f"Hồ sơ {row.case_id}", en=f"Case {row.case_id}")


def ready_views(batch: CheckedBatch) -> list[ReadyView]:
    """The rows of the second step."""
    return [_ready(one) for one in batch.ready]


def _ready(one: ReadyRow) -> ReadyView:
    label, detail = party_label(names=True), party_detail(names=True)
    timeline, found = one.timeline, one.preview
    then = None if found is None else found.then.case_class
    changing = [] if found is None else [row for row in found.bearings if row.changes]
    return ReadyView(
        row=one.row,
        signed=day_or_moment(one.row.signed_at),
        procedure=procedure_name(timeline),
        class_now=None if timeline.case_class is None else CLASS_WORDS[timeline.case_class],
        class_then=None if then is None else CLASS_WORDS[then],
        bearers=[(label(party), detail(party), minutes) for party, minutes in _borne(timeline)],
        effects=[effect_words(label(row.party), row) for row in changing],
        answers=None if one.answers is None else _answers(one.answers),
        marks=[] if found is None else [ANOMALY_WORDS[AnomalyKind(mark.value)] for mark in found.marks],
    )


def day_or_moment(text: str) -> str:
    """The date or instant, as Vietnamese is written; another text as it stands."""
    try:
        return day(date.fromisoformat(text))
    except ValueError:
        return text if "T" not in text else moment(text)


def _borne(timeline: CaseTimeline) -> list[tuple[Party, int]]:
    """Who bears how many minutes now, of the lateness and of late entries."""
    sums: dict[str, tuple[Party, int]] = {}
    borne = [(row.party, row.minutes) for row in timeline.attributions]
    for party, minutes in [*borne, *((entry.party, entry.minutes) for entry in timeline.late_entries)]:
        sums[party.key] = (party, sums.get(party.key, (party, 0))[1] + minutes)
    return list(sums.values())


def _answers(one: Explanation) -> Words:
    who = one.said.officer or one.said.unit
    name = "" if who is None else who.name or who.id or ""
    return Words(vi=f"trả lời giải trình của {name}", en=f"answers the explanation of {name}")


def told_effects(views: Sequence[ReadyView], *, decides: bool) -> list[Words]:
    """What the second step says of all rows together."""
    count = len(views)
    if not decides:
        return [
            Words(
                vi=f"{count} giải trình được gửi tới người đứng đầu đơn vị của anh/chị, mỗi hồ sơ một giải trình đề nghị công nhận quên thao tác.",
                en=f"{count} explanations go to the head of your unit, one for each case, asking for a late entry.",
            ),
            Words(
                vi="Số phút của anh/chị chưa thay đổi cho đến khi có quyết định; trang hồ sơ ghi rõ đang chờ quyết định.",
                en="Your minutes stay what they are until somebody decides; the page of the case says that it waits.",
            ),
        ]
    changed = sum(1 for view in views if view.effects)
    return [
        Words(
            vi=f"{count} quyết định được ghi, mỗi hồ sơ một quyết định; {changed} hồ sơ có phần của người được nêu tên thay đổi như bảng trên.",
            en=f"{count} decisions are recorded, one for each case; in {changed} of them what named persons bear changes as shown above.",
        ),
        Words(
            vi="Hồ sơ được công nhận quên thao tác vẫn tính là quá hạn trong chỉ tiêu; chỉ không còn là chậm thực tế.",
            en="A case accepted as a late entry still counts as overdue in the indicators; it is no longer actually late.",
        ),
    ]
