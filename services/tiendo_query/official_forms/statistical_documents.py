"""The statistical forms as documents: the columns of the forms, across A4."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from tiendo_contracts.answers.official_forms import FormFigures, FormRow, StatisticalForm, StatisticalTable
from tiendo_documents.administrative import (
    AdministrativeDocument,
    FormHead,
    Orientation,
    Paragraph,
    Signature,
    TextSpan,
)
from tiendo_documents.cell_values import date_in_words, long_moment_in_words
from tiendo_documents.document_tables import (
    Align,
    Cell,
    ColumnGroup,
    DocumentColumn,
    DocumentRow,
    DocumentTable,
    RowRole,
)

_FORMS: Final = {
    StatisticalForm.II06A: "Biểu số II.06a/VPCP/KSTT",
    StatisticalForm.DECISION_766: "Biểu tiến độ theo Quyết định số 766/QĐ-TTg",
}
_SHEETS: Final = {StatisticalForm.II06A: "II.06a", StatisticalForm.DECISION_766: "QĐ 766"}
_NOT_NAMED: Final = "Không rõ"
_DECEMBER: Final = 12
_Figure = Callable[[FormFigures], int]

_II06A: Final[Sequence[_Figure]] = (
    lambda one: one.received,
    lambda one: one.received_online,
    lambda one: one.received_direct,
    lambda one: one.carried_over,
    lambda one: one.resolved,
    lambda one: one.resolved_early,
    lambda one: one.resolved_on_time,
    lambda one: one.resolved_overdue,
    lambda one: one.open,
    lambda one: one.open_in_time,
    lambda one: one.open_overdue,
)
_DECISION_766: Final[Sequence[_Figure]] = (
    lambda one: one.received,
    lambda one: one.carried_over,
    lambda one: one.received_online + one.received_direct,
    lambda one: one.received_online,
    lambda one: one.received_direct,
    lambda one: one.resolved,
    lambda one: one.resolved_early,
    lambda one: one.resolved_on_time,
    lambda one: one.resolved_overdue,
    lambda one: one.open - one.paused,
    lambda one: one.open_in_time - one.paused_in_time,
    lambda one: one.open_overdue - one.paused_overdue,
    lambda one: one.paused,
    lambda one: one.paused_in_time,
    lambda one: one.paused_overdue,
)


def statistical_document(table: StatisticalTable, *, made_at: datetime) -> AdministrativeDocument:
    """The form, to be signed by whoever made it and by the head of the unit."""
    agency = table.unit.name or table.unit.id or ""
    return AdministrativeDocument(
        head=FormHead(
            form=_FORMS[table.form],
            source=f"{table.law.circular}\n{table.law.decree}",
            title=table.title,
            period=(
                f"Kỳ báo cáo: {period_in_words(table.from_, table.to)}",
                f"(Từ ngày {date_in_words(table.from_)} đến ngày {date_in_words(table.to)})",
            ),
            reporting_unit=agency,
            receiving_unit=table.superior or "………………………",
        ),
        sheet=_SHEETS[table.form],
        body=(_table(table), _as_of(table)),
        signatures=(
            Signature(capacity=("Người lập biểu",), manner="(Ký, ghi rõ họ tên)"),
            Signature(capacity=("Thủ trưởng cơ quan, đơn vị",), manner="(Ký, đóng dấu, ghi rõ họ tên)"),
        ),
        orientation=Orientation.LANDSCAPE,
        size=11,
        simulated=table.simulated,
        made_at=made_at,
    )


def period_in_words(start: date, end: date) -> str:
    """Such as "Quý III năm 2022" where the period is one; else its days."""
    if start.day == 1 and start.year == end.year and (end + timedelta(days=1)).day == 1:
        months = end.month - start.month + 1
        if months == 1:
            return f"Tháng {start.month} năm {start.year}"
        if months == 3 and start.month % 3 == 1:  # noqa: PLR2004 - months of a quarter
            return f"Quý {('I', 'II', 'III', 'IV')[start.month // 3]} năm {start.year}"
        if months == 6 and start.month == 1:  # noqa: PLR2004 - months of half a year
            return f"6 tháng đầu năm {start.year}"
        if months == _DECEMBER:
            return f"Năm {start.year}"
        if start.month == 1:
            return f"{months} tháng năm {start.year}"
    return f"{date_in_words(start)} – {date_in_words(end)}"


def _table(table: StatisticalTable) -> DocumentTable:
    is_ii06a = table.form is StatisticalForm.II06A
    figures = _II06A if is_ii06a else _DECISION_766
    rows = [_row(number, row, figures, table) for number, row in enumerate(table.rows, 1)]
    total = DocumentRow(
        cells=(Cell(value="TỔNG SỐ", columns=2, align=Align.CENTRE), *(figure(table.total) for figure in figures)),
        kind=RowRole.TOTAL,
    )
    return DocumentTable(
        columns=_ii06a_columns() if is_ii06a else _decision_766_columns(),
        rows=[*rows, total],
        unit="Đơn vị tính: Số hồ sơ TTHC",
        notes=[f"{'- ' if place else 'Ghi chú: '}{note}" for place, note in enumerate(table.notes)],
        size=10,
    )


def _row(number: int, row: FormRow, figures: Sequence[_Figure], table: StatisticalTable) -> DocumentRow:
    name = row.name or row.id or _NOT_NAMED
    if table.form is StatisticalForm.DECISION_766 and row.id == table.unit.id:
        name = f"{name} (trực tiếp giải quyết)"
    return DocumentRow(cells=(number, name, *(figure(row) for figure in figures)))


def _as_of(table: StatisticalTable) -> Paragraph:
    known = "" if table.known_at is None else f", như đã biết lúc {_moment(table.known_at)}"
    text = f"Số liệu tính đến {_moment(table.as_of)}{known}."
    return Paragraph(spans=(TextSpan(text=text, italic=True),), indented=False, size=10)


def _moment(text: str) -> str:
    return long_moment_in_words(datetime.fromisoformat(text))


def _numbered(headings: Sequence[str], first: int) -> list[DocumentColumn]:
    return [
        DocumentColumn(heading=heading, number=f"({number})", align=Align.CENTRE)
        for number, heading in enumerate(headings, first)
    ]


def _ii06a_columns() -> Sequence[DocumentColumn | ColumnGroup]:
    received, online, direct, carried = _numbered(
        ("Tổng số", "Trực tuyến", "Trực tiếp, dịch vụ bưu chính", "Từ kỳ trước"), 3
    )
    resolved, early, on_time, overdue = _numbered(("Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn"), 7)
    open_, in_time, late = _numbered(("Tổng số", "Trong hạn", "Quá hạn"), 11)
    return (
        DocumentColumn(heading="STT", width=0.6, number="(1)", align=Align.CENTRE),
        DocumentColumn(heading="Lĩnh vực giải quyết", width=3, number="(2)"),
        ColumnGroup(
            heading="Số lượng hồ sơ tiếp nhận",
            columns=(received, ColumnGroup(heading="Trong kỳ", columns=(online, direct)), carried),
        ),
        ColumnGroup(heading="Số lượng hồ sơ đã giải quyết", columns=(resolved, early, on_time, overdue)),
        ColumnGroup(heading="Số lượng hồ sơ đang giải quyết", columns=(open_, in_time, late)),
    )


def _decision_766_columns() -> Sequence[DocumentColumn | ColumnGroup]:
    received, carried, new, online, direct = _numbered(
        ("Tổng số", "Kỳ trước chuyển qua", "Tổng số", "Trực tuyến", "Trực tiếp, bưu chính"), 3
    )
    resolved, early, on_time, overdue = _numbered(("Tổng số", "Trước hạn", "Đúng hạn", "Quá hạn"), 8)
    open_, in_time, late = _numbered(("Tổng số", "Trong hạn", "Quá hạn"), 12)
    paused, paused_in_time, paused_late = _numbered(("Tổng số", "Trong hạn", "Quá hạn"), 15)
    return (
        DocumentColumn(heading="STT", width=0.6, number="(1)", align=Align.CENTRE),
        DocumentColumn(heading="Cơ quan, đơn vị", width=3, number="(2)"),
        ColumnGroup(
            heading="Hồ sơ tiếp nhận",
            columns=(received, carried, ColumnGroup(heading="Tiếp nhận mới", columns=(new, online, direct))),
        ),
        ColumnGroup(heading="Hồ sơ đã giải quyết", columns=(resolved, early, on_time, overdue)),
        ColumnGroup(heading="Hồ sơ đang giải quyết", columns=(open_, in_time, late)),
        ColumnGroup(heading="Hồ sơ tạm dừng", columns=(paused, paused_in_time, paused_late)),
    )
