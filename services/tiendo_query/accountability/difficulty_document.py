"""Difficulties as the document in which they are reported upward (Nghị định 30/2020/NĐ-CP)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_documents.administrative import (
    HEAD_OF_UNIT,
    AdministrativeDocument,
    Appendix,
    Block,
    Letterhead,
    Orientation,
    Title,
    paragraph,
)
from tiendo_documents.cell_values import Value, date_in_words, moment_in_words, number_in_words
from tiendo_documents.document_tables import ColumnGroup, DocumentColumn, DocumentRow, DocumentTable, group_row
from tiendo_domain.explanations import Difficulty
from tiendo_query.accountability.difficulties import FoundDifficulties
from tiendo_query.breakdowns.given_reasons import MissedPlan
from tiendo_query.breakdowns.reason_groups import GroupedBy, ReasonGroup, grouped
from tiendo_query.official_forms.statistical_documents import period_in_words
from tiendo_read_models.queries.units import UnitTree

_NORMS_MAX: Final = 200
_DOTS: Final = "………………………………………………"
_NO_UNIT: Final = "(cơ quan, đơn vị)"
_MINUTES: Final = (
    "Thời gian tính bằng phút làm việc; 480 phút là một ngày làm việc. Số phút chỉ cộng trong một lý do: một phần chậm được nêu hai lý do "
    "vẫn chỉ là một phần chậm."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHead:
    """Who reports to whom, over which local days, both inclusive; None: from the first day on, and whom nobody knows."""

    agency: str | None
    superior: str | None
    start: date | None
    end: date


def difficulty_document(found: FoundDifficulties, head: ReportHead, tree: UnitTree) -> AdministrativeDocument:
    """The report: what is counted of each reason, where it is given, and the norms that are missed at nobody's charge.

    What the figures do not say, the causes and what is proposed, is left to be written.
    """
    agency = head.agency or _NO_UNIT
    period = f"đến {date_in_words(head.end)}" if head.start is None else period_in_words(head.start, head.end)
    return AdministrativeDocument(
        head=Letterhead(agency=agency, superior=head.superior, symbol="BC"),
        title=Title(
            kind="Báo cáo",
            subject="Tổng hợp khó khăn, vướng mắc trong giải quyết hồ sơ thủ tục hành chính",
            remarks=(f"({period})",),
        ),
        sheet="Báo cáo",
        addressees=(head.superior or _DOTS,),
        body=list(_body(found, agency, period)),
        signatures=(HEAD_OF_UNIT,),
        recipients=("Như trên", "Lưu: VT"),
        appendices=(
            _appendix("I", "Lý do theo đơn vị của người giải trình", found, GroupedBy.UNIT, tree),
            _appendix("II", "Lý do theo thủ tục", found, GroupedBy.PROCEDURE, tree),
            _appendix("III", "Lý do theo bước", found, GroupedBy.STEP, tree),
            _appendix("IV", "Lý do theo tháng", found, GroupedBy.MONTH, tree),
            Appendix(
                number="V",
                title="Bước vượt định mức mà phần chậm không do ai",
                body=list(_norms(found.missed)),
                orientation=Orientation.LANDSCAPE,
            ),
        ),
        simulated=found.simulated,
        made_at=datetime.fromisoformat(found.period.as_of_text),
    )


def _body(found: FoundDifficulties, agency: str, period: str) -> Iterator[Block]:
    sums = {name: sum(one.counts[name] for one in found.reasons) for name in _COUNTED}
    yield paragraph(
        f"{agency} báo cáo những khó khăn, vướng mắc mà công chức, viên chức, đơn vị nêu khi giải trình việc chậm giải quyết hồ sơ "
        f"kết thúc trong kỳ ({period}). Số liệu tính đến {moment_in_words(datetime.fromisoformat(found.period.as_of_text))}."
    )
    yield paragraph(
        f"1. Có {_said(sums['explanations'])} giải trình còn hiệu lực: {_said(sums['accepted'])} được chấp nhận, "
        f"{_said(sums['refused'])} không được chấp nhận, {_said(sums['pending'])} đang chờ quyết định."
    )
    by_reason = grouped(found.reasons, GroupedBy.REASON)
    if by_reason:
        yield DocumentTable(
            columns=[DocumentColumn(heading="Lý do", width=3), *_COLUMNS],
            rows=[DocumentRow(cells=[_reason(one), *_counts(one)]) for one in by_reason],
            notes=[_MINUTES],
        )
    nobody = [one for one in found.missed if one.step.overran_cases >= one.step.allotted_cases]
    yield paragraph(
        f"2. Có {_said(len(found.missed))} bước vượt định mức trong những hồ sơ mà một phần chậm là của cơ quan, kế hoạch, không của người nào; "
        f"trong đó {_said(len(nobody))} bước không hồ sơ nào đạt định mức (Phụ lục V)."
    )
    yield paragraph(f"3. Nguyên nhân: {_DOTS}")
    yield paragraph(f"4. Kiến nghị, đề xuất: {_DOTS}")


_COUNTED: Final = ("explanations", "accepted", "refused", "pending")
_COLUMNS: Final = (
    ColumnGroup(
        heading="Số giải trình",
        columns=[
            DocumentColumn(heading=heading)
            for heading in ("Tổng số", "Được chấp nhận", "Không chấp nhận", "Chờ quyết định")
        ],
    ),
    ColumnGroup(
        heading="Phút của người giải trình",
        columns=[DocumentColumn(heading=heading, width=1.2) for heading in ("Theo quy tắc", "Sau quyết định")],
    ),
)


def _counts(group: ReasonGroup) -> list[Value]:
    return [group.counts[name] for name in (*_COUNTED, "by_rule_minutes", "minutes")]


def _reason(group: ReasonGroup) -> str:
    words = REASON_WORDS[Difficulty(group.of.reason)].vi
    return f"{words[:1].upper()}{words[1:]}"


def _appendix(number: str, title: str, found: FoundDifficulties, by: GroupedBy, tree: UnitTree) -> Appendix:
    groups = grouped(found.reasons, by)
    body: list[Block] = [_places(groups, tree)] if groups else [paragraph("Không có.")]
    return Appendix(number=number, title=title, body=body, orientation=Orientation.LANDSCAPE)


def _places(groups: Sequence[ReasonGroup], tree: UnitTree) -> DocumentTable:
    """The reasons below what they are told by."""
    columns: list[DocumentColumn | ColumnGroup] = [
        DocumentColumn(heading="STT", width=0.6),
        DocumentColumn(heading="Lý do", width=4),
        *_COLUMNS,
    ]
    lines: list[DocumentRow] = []
    last: str | None = None
    for number, one in enumerate(groups, 1):
        place = _place(one, tree)
        if place != last:
            lines.append(group_row(place, table_columns=8))
            last = place
        lines.append(DocumentRow(cells=[number, _reason(one), *_counts(one)]))
    return DocumentTable(columns=columns, rows=lines, size=10)


def _place(group: ReasonGroup, tree: UnitTree) -> str:
    of = group.of
    procedure = " – ".join(filter(None, (of.procedure_id, of.procedure_name))) or "Không nêu thủ tục"
    match group.by:
        case GroupedBy.UNIT:
            unit = None if of.unit_id is None else tree.path(of.unit_id, of.unit_name)
            return unit or of.unit_name or "Không rõ đơn vị"
        case GroupedBy.PROCEDURE:
            return procedure
        case GroupedBy.STEP:
            return f"{of.step_name or of.step_id or 'Không rõ bước'} ({procedure})"
        case GroupedBy.MONTH:
            return f"Tháng {of.month[5:]}/{of.month[:4]}"
        case GroupedBy.REASON:
            return _reason(group)


def _norms(missed: Sequence[MissedPlan]) -> Iterator[Block]:
    if not missed:
        yield paragraph("Không có.")
        return
    yield DocumentTable(
        columns=[
            DocumentColumn(heading="STT", width=0.6),
            DocumentColumn(heading="Thủ tục", width=4),
            DocumentColumn(heading="Bước", width=3),
            DocumentColumn(heading="Hồ sơ qua bước", width=1.2),
            DocumentColumn(heading="Có định mức", width=1.2),
            DocumentColumn(heading="Đạt định mức", width=1.2),
            DocumentColumn(heading="Hồ sơ có phần của cơ quan", width=1.4),
            DocumentColumn(heading="Phút của cơ quan, theo quy tắc", width=1.4),
        ],
        rows=[DocumentRow(cells=_norm(number, one)) for number, one in enumerate(missed[:_NORMS_MAX], 1)],
        notes=[
            "Phần của cơ quan (quy tắc A3) tính trọn cho mỗi bước vượt định mức trong hồ sơ, không cộng các bước với nhau.",
            *([f"Còn {_said(len(missed) - _NORMS_MAX)} bước khác."] if len(missed) > _NORMS_MAX else []),
        ],
        size=10,
    )


def _norm(number: int, one: MissedPlan) -> list[Value]:
    step = one.step
    return [
        number,
        " – ".join(filter(None, (step.procedure_id, step.procedure_name))) or "Không nêu thủ tục",
        step.step_name or step.step,
        step.cases,
        step.allotted_cases,
        max(0, step.allotted_cases - step.overran_cases),
        one.cases,
        one.organisation_minutes,
    ]


def _said(count: int) -> str:
    return number_in_words(count)
