"""What the pages of the statistical forms show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.answers.official_forms import FormRow, StatisticalForm, StatisticalTable
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.pages.cases.case_rows import CaseRow
from tiendo_query.pages.looking import Own
from tiendo_query.pages.paging import Paged, paged

ROWS_MAX: Final = 25
FIGURES: Final[Mapping[str, Words]] = {
    "received": Words(vi="tiếp nhận", en="received"),
    "carried_over": Words(vi="kỳ trước chuyển qua", en="carried over"),
    "received_online": Words(vi="mới, trực tuyến", en="new, online"),
    "received_direct": Words(vi="mới, trực tiếp hoặc bưu chính", en="new, counter or post"),
    "channel_unknown": Words(vi="không rõ kênh", en="channel not known"),
    "resolved": Words(vi="đã giải quyết", en="resolved"),
    "resolved_early": Words(vi="trước hạn", en="early"),
    "resolved_on_time": Words(vi="đúng hạn", en="on time"),
    "resolved_overdue": Words(vi="quá hạn", en="overdue"),
    "open": Words(vi="đang giải quyết", en="in process"),
    "open_in_time": Words(vi="đang giải quyết, trong hạn", en="in process, within time"),
    "open_overdue": Words(vi="đang giải quyết, quá hạn", en="in process, overdue"),
    "paused": Words(vi="tạm dừng", en="paused"),
    "paused_in_time": Words(vi="tạm dừng, trong hạn", en="paused, within time"),
    "paused_overdue": Words(vi="tạm dừng, quá hạn", en="paused, overdue"),
    "declined": Words(vi="không tiếp nhận giải quyết", en="declined"),
    "withdrawn": Words(vi="người nộp rút", en="withdrawn"),
    "without_due": Words(vi="không có thời hạn", en="without a due"),
}
"""The figures that forms have, in the order of the page."""
FORMS: Final = {
    StatisticalForm.II06A: Words(vi="Biểu II.06a/VPCP/KSTT", en="Form II.06a/VPCP/KSTT"),
    StatisticalForm.DECISION_766: Words(vi="Biểu theo Quyết định 766/QĐ-TTg", en="Table of Decision 766/QĐ-TTg"),
}
_TOTAL: Final = Words(vi="Tổng số", en="Total")
_UNNAMED: Final = Words(vi="không rõ", en="not known")


@dataclass(frozen=True, slots=True, kw_only=True)
class FormLine:
    """A row with what its figures' lists are asked besides the figure."""

    words: str | Words
    figures: Sequence[tuple[str, Words, int]]
    asked: Mapping[str, Own]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """The page; without a unit there is the choice of one alone."""

    form: StatisticalForm
    unit: str | None
    table: StatisticalTable | None
    total: FormLine | None
    page: Paged[FormLine]
    start: date
    end: date

    @property
    def words(self) -> Words:
        """What the form is called."""
        return FORMS[self.form]

    @property
    def others(self) -> Sequence[tuple[str, Words]]:
        """The other forms."""
        return [(form.value, words) for form, words in FORMS.items() if form is not self.form]


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCasesView:
    """The cases behind a figure."""

    form: StatisticalForm
    figure: Words
    row: str | None
    start: date
    end: date
    page: Paged[str]
    rows: Sequence[CaseRow]
    own: Mapping[str, Own]

    @property
    def words(self) -> Words:
        """What the form is called."""
        return FORMS[self.form]


def form_view(
    form: StatisticalForm, unit: str | None, table: StatisticalTable | None, start: date, end: date, *, page: int
) -> FormView:
    """The page: the total first, then the rows. Raises the refusal of a page that is not there."""
    rows: list[FormLine] = []
    total = None
    if table is not None:
        total = _row(FormRow(id=None, name=None, **table.total.model_dump()), _TOTAL, {})
        rows = [_row(one, one.name or one.id or _UNNAMED, _asked(form, one)) for one in table.rows]
    return FormView(
        form=form, unit=unit, table=table, total=total, page=paged(rows, page, ROWS_MAX), start=start, end=end
    )


def _asked(form: StatisticalForm, row: FormRow) -> Mapping[str, Own]:
    """By what the row is told; of a field without an id by its name."""
    if row.id is not None:
        return {"row": row.id}
    if form is StatisticalForm.II06A and row.name is not None:
        return {"row_name": row.name}
    return {"row_unnamed": True}


def _row(row: FormRow, words: str | Words, asked: Mapping[str, Own]) -> FormLine:
    figures = [(name, said, int(getattr(row, name))) for name, said in FIGURES.items()]
    return FormLine(words=words, figures=figures, asked=asked)
