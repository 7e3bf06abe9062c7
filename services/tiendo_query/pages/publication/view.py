"""What the page of one monthly list shows to those who work on it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from tiendo_contracts.answers.publications import LateOfficerRow, ListFormat, OverdueOfficerRow, Publication
from tiendo_contracts.answers.publications import PunctualOfficerRow as PunctualRow
from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.explanations import Difficulty
from tiendo_domain.monthly_list.listed_content import PARTS, Content
from tiendo_domain.monthly_list.listing import WithheldFor
from tiendo_domain.monthly_list.public_view import named_rows
from tiendo_domain.monthly_list.workflow import ListState, StepKind, next_steps
from tiendo_domain.months import Month
from tiendo_domain.vietnamese_order import text_order
from tiendo_event_store.monthly_lists.list_steps import MonthlyList, TakenStep
from tiendo_query.pages.list_standing import next_step, state_words
from tiendo_query.pages.public_lists.view import address_of
from tiendo_query.pages.publication.step_forms import STEPS
from tiendo_query.pages.sent_forms import NO_FAULTS, Faults
from tiendo_query.publications.list_answers import publication
from tiendo_query.publications.list_words import change_words, figure_words, withheld_words
from tiendo_query.publications.seen_lists import SeenList
from tiendo_query.questions.periods import shown

_FILES: Final = (ListFormat.PDF, ListFormat.DOCX, ListFormat.XLSX, ListFormat.CSV, ListFormat.JSON)
_PENDING: Final = Words(vi="đang chờ quyết định về giải trình", en="an explanation waits for its decision")
STEP_WORDS: Final[Mapping[StepKind, Words]] = {
    StepKind.DRAFTED: Words(vi="Lập dự thảo", en="Drafted"),
    StepKind.OPENED: Words(vi="Mở giải trình", en="Opened to explanations"),
    StepKind.APPROVED: Words(vi="Phê duyệt", en="Approved"),
    StepKind.PUBLISHED: Words(vi="Công khai", en="Published"),
    StepKind.CORRECTED: Words(vi="Đính chính", en="Corrected"),
    StepKind.WITHDRAWN: Words(vi="Rút danh sách", en="Withdrawn"),
}

OfficerRow = LateOfficerRow | OverdueOfficerRow | PunctualRow


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRow:
    """An officer's row, the reasons of their explanations, and why they are not named, or what waits."""

    row: OfficerRow
    reasons: Sequence[Words]
    mark: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRows:
    """A unit by the names that lead down to it, with its officers."""

    name: str | None
    rows: Sequence[ShownRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownChange:
    """What a content says otherwise than the one before it; of figures of the unit `name` is None."""

    name: str | None
    words: Words
    was: int | None
    now: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownStep:
    """A step that was taken: when, by whom, and what its fact says."""

    words: Words
    version: int
    at: str
    entered_by: str
    signer: str
    said: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPageView:
    """One version of a list, how it came about, and the steps that whoever looks may take with it."""

    list: Publication
    month: Month
    month_text: str
    state: Words
    following: Words
    window_open: bool
    drafted_by_caller: bool
    if_approved: tuple[int, Mapping[str, int]] | None
    public: str | None
    figures: Sequence[tuple[Words, int]]
    officers: Sequence[UnitRows]
    open_overdue: Sequence[UnitRows]
    punctual: Sequence[UnitRows]
    differences: Sequence[ShownChange]
    steps: Sequence[ShownStep]
    files: Sequence[tuple[str, str]]
    forms: Sequence[str]
    form: str
    values: Mapping[str, str]
    faults: Faults

    def value(self, name: str, form: str) -> str:
        """What the field of a form was filled in with."""
        return self.values.get(name, "") if form == self.form or name == "position" else ""

    def fault(self, name: str, form: str) -> str:
        """What is wrong with the field of a form."""
        return self.faults.of(name) if form == self.form else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Looker:
    """Who looks at the list: whether they may take steps, who they are in the log, and what their position is known to be."""

    publishes: bool
    entered_by: str
    position: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledIn:
    """The form that was sent, what was filled in, and what is wrong with it."""

    form: str = ""
    values: Mapping[str, str]
    faults: Faults = NO_FAULTS


def list_page_view(
    found: SeenList, approved: Content, looker: Looker, *, now: datetime, zone: ZoneInfo, filled: FilledIn | None = None
) -> ListPageView:
    """The page; `approved` is what the list would say if it were approved now."""
    one, answer = found.list, publication(found, ())
    filled = filled or FilledIn(values={})
    number = one.number(found.version)
    is_newest = found.version == one.version
    return ListPageView(
        list=answer,
        month=one.month,
        month_text=str(one.month),
        state=state_words(one, found.version, now, zone),
        following=next_step(one, approved["withheld"], now),
        window_open=one.state is ListState.OPEN and now < datetime.fromisoformat(answer.window_ends_at or ""),
        drafted_by_caller=one.steps[0].said["entered_by"] == looker.entered_by,
        if_approved=_if_approved(one, approved),
        public=None if number is None or answer.names_removed else address_of(str(number)),
        figures=[(figure_words(name), count) for name, count in answer.figures.model_dump(exclude_unset=True).items()],
        officers=_by_unit(answer.officers, answer.unit_paths),
        open_overdue=_by_unit(answer.open_overdue, answer.unit_paths),
        punctual=_by_unit(answer.officers_without_late_case, answer.unit_paths),
        differences=changes_of(answer.model_dump(mode="json")["differences"]),
        steps=[_step(step, zone) for step in one.steps],
        files=[(f"/v1/publications/{one.id}.{form}?version={found.version}", form.value.upper()) for form in _FILES],
        forms=_forms(one) if looker.publishes and is_newest else (),
        form=filled.form,
        values={"position": looker.position, **filled.values},
        faults=filled.faults,
    )


def changes_of(differences: Iterable[Mapping[str, Any]]) -> list[ShownChange]:
    """Differences in words."""
    return [
        ShownChange(
            name=None if one["officer"] is None else one["officer"]["name"] or one["officer"]["id"],
            words=change_words(one["member"]),
            was=one["was"],
            now=one["now"],
        )
        for one in differences
    ]


def _forms(one: MonthlyList) -> tuple[str, ...]:
    """The steps that the list may take, by the last part of their address."""
    possible = next_steps(one.state)
    return tuple(name for name, kind in STEPS.items() if kind in possible)


def _if_approved(one: MonthlyList, approved: Content) -> tuple[int, Mapping[str, int]] | None:
    """How many would be named, and who not; None for a list that was approved already."""
    if one.state not in {ListState.DRAFT, ListState.OPEN}:
        return None
    named = {row["officer"]["key"] for part in PARTS for row in named_rows(approved, part)}
    return len(named), approved["withheld"]


def _by_unit(rows: Iterable[OfficerRow], paths: Mapping[str, str]) -> list[UnitRows]:
    """The rows of each unit, units by the names that lead down to them; told apart by id, for several may have one name."""
    found: dict[tuple[str | None, str | None], list[ShownRow]] = {}
    for row in rows:
        unit = row.officer.unit
        key = (None, None) if unit is None else (unit.id, unit.name)
        found.setdefault(key, []).append(_row(row))
    named = [(paths.get(unit_id or "") or name or unit_id, of_unit) for (unit_id, name), of_unit in found.items()]
    return [UnitRows(name=name, rows=of_unit) for name, of_unit in sorted(named, key=lambda one: text_order(one[0]))]


def _row(row: OfficerRow) -> ShownRow:
    reasons = [REASON_WORDS[Difficulty(one)] for one in row.reasons] if isinstance(row, LateOfficerRow) else []
    return ShownRow(row=row, reasons=reasons, mark=None if isinstance(row, PunctualRow) else _mark(row))


def _mark(row: LateOfficerRow | OverdueOfficerRow) -> Words | None:
    if row.withheld is not None:
        why = withheld_words(WithheldFor(row.withheld))
        return Words(vi=f"không nêu tên: {why.vi}", en=f"not named: {why.en}")
    return _PENDING if row.explanation_pending else None


def _step(step: TakenStep, zone: ZoneInfo) -> ShownStep:
    absent = ("document", "legal_basis", "reason", "window_ends_at", "number")
    signer = step.said.get("approved_by") or step.said.get("withdrawn_by") or {}
    return ShownStep(
        words=STEP_WORDS[step.kind],
        version=step.version,
        at=shown(step.ingested_at, zone),
        entered_by=step.said["entered_by"],
        signer=", ".join(filter(None, (signer.get("name"), signer.get("position")))),
        said={**dict.fromkeys(absent), **step.said},
    )
