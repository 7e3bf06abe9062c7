"""The forms of one case as documents."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final

from tiendo_contracts.answers.official_forms import Apology, ControlBlock, ControlSheet
from tiendo_documents.administrative import (
    HEAD_OF_UNIT,
    AdministrativeDocument,
    Letterhead,
    Orientation,
    Paragraph,
    TextSpan,
    Title,
    paragraph,
)
from tiendo_documents.cell_values import long_date_in_words, long_moment_in_words, minutes_in_words, number_in_words
from tiendo_documents.document_tables import Align, Cell, ColumnGroup, DocumentColumn, DocumentRow, DocumentTable

DOTS: Final = "………………………………………………"
_SHORT_DOTS: Final = "……………………"
_UNIT: Final = "(cơ quan, đơn vị)"


def control_sheet_document(sheet: ControlSheet, *, made_at: datetime) -> AdministrativeDocument:
    """The control sheet, to be printed on A4: a usual case fits one page."""
    return AdministrativeDocument(
        head=Letterhead(agency=sheet.unit.name or sheet.unit.id or _UNIT, superior=sheet.superior),
        title=Title(kind="Phiếu kiểm soát quá trình giải quyết hồ sơ", remarks=(_form_line(sheet.form, sheet),)),
        sheet="Phiếu kiểm soát",
        body=(*_control_head(sheet), _control_table(sheet), *_control_foot(sheet)),
        orientation=Orientation.PORTRAIT,
        size=11,
        compact=True,
        simulated=sheet.simulated,
        made_at=made_at,
    )


def _form_line(form: str, of: ControlSheet | Apology) -> str:
    return f"({form}, {of.law.circular}; {of.law.decree})"


def _control_head(sheet: ControlSheet) -> Iterator[Paragraph]:
    procedure = "" if sheet.procedure is None else " – ".join(filter(None, (sheet.procedure.name, sheet.procedure.id)))
    yield _line("Mã số hồ sơ: ", sheet.case_id)
    yield _line("Kèm theo hồ sơ của: ", DOTS)
    yield _line("Thủ tục hành chính: ", procedure or DOTS)
    yield _line("Ngày nhận: ", moment_in_words(sheet.received_at), "; ngày hẹn trả: ", moment_in_words(sheet.due_at))
    yield _line("Cơ quan (bộ phận) chủ trì giải quyết hồ sơ: ", sheet.unit.name or sheet.unit.id or DOTS)
    yield _line("Cơ quan (bộ phận) phối hợp giải quyết hồ sơ: ", "; ".join(sheet.co_ordinating) or "Không có")


def _control_foot(sheet: ControlSheet) -> Iterator[Paragraph]:
    lateness = sheet.lateness_minutes
    late = f", chậm {_minutes(lateness)} làm việc" if lateness else ""
    finished = f"; kết thúc: {moment_in_words(sheet.finished_at)}" if sheet.finished_at else ""
    yield _line("Kết quả: ", f"{sheet.result}{late}{finished}.")
    as_of = moment_in_words(sheet.as_of)
    yield Paragraph(
        spans=(
            TextSpan(
                text=f"Lập từ dữ liệu đến {as_of}. Kết quả từng khâu so với thời hạn của bước; phút tính theo giờ làm việc.",
                italic=True,
            ),
        ),
        indented=False,
        size=9,
    )


def _line(*pieces: str) -> Paragraph:
    """A line in which labels and what was filled in take turns."""
    spans = tuple(TextSpan(text=piece, bold=place % 2 == 1) for place, piece in enumerate(pieces))
    return Paragraph(spans=spans, align=Align.LEFT, indented=False)


def _control_table(sheet: ControlSheet) -> DocumentTable:
    columns = (
        DocumentColumn(heading="TÊN CƠ QUAN, BỘ PHẬN", width=2.6),
        ColumnGroup(
            heading="THỜI GIAN GIAO, NHẬN HỒ SƠ",
            columns=(DocumentColumn(heading="Người giao", width=1.7), DocumentColumn(heading="Người nhận", width=1.7)),
        ),
        DocumentColumn(heading="KẾT QUẢ GIẢI QUYẾT HỒ SƠ\n(Trước hạn/đúng hạn/quá hạn)", width=1.5),
        DocumentColumn(heading="GHI CHÚ", width=1.7),
    )
    rows = [row for block in sheet.blocks for row in _block_rows(block)]
    return DocumentTable(columns=columns, rows=rows, size=9)


def _block_rows(block: ControlBlock) -> tuple[DocumentRow, DocumentRow]:
    parties = (
        f"{block.number}. Giao: {block.given_by_unit or _SHORT_DOTS}\n    Nhận: {block.received_by_unit or _SHORT_DOTS}"
    )
    of_norm = "" if block.allotted_minutes is None else f"/{number_in_words(block.allotted_minutes)}"
    used = f"{number_in_words(block.minutes)}{of_norm} phút"
    when = Cell(value=moment_in_words(block.received_at), columns=2, align=Align.CENTRE)
    first = DocumentRow(
        cells=(
            Cell(value=parties, rows=2, align=Align.LEFT),
            when,
            Cell(value=f"{block.result}\n({used})", rows=2, align=Align.CENTRE),
            Cell(value="; ".join(block.notes), rows=2, align=Align.LEFT),
        )
    )
    signed = (_signing(block.given_by), _signing(block.received_by))
    return first, DocumentRow(cells=tuple(Cell(value=name, align=Align.CENTRE) for name in signed))


def _signing(name: str | None) -> str:
    """Who gives or receives; of the applicant dots: the name is not stored."""
    return name or _SHORT_DOTS


def apology_document(letter: Apology, *, made_at: datetime) -> AdministrativeDocument:
    """The apology, dots where nothing is known: a draft until an extension says new due, reason and number."""
    agency = letter.unit.name or letter.unit.id or _UNIT
    return AdministrativeDocument(
        head=Letterhead(
            agency=agency,
            superior=letter.superior,
            number=letter.number,
            dated_on=letter.dated_on,
        ),
        title=Title(
            kind=letter.title,
            remarks=(
                (
                    *(("DỰ THẢO",) if letter.is_draft else ()),
                    f"({letter.form}, {letter.law.circular}; {letter.law.decree})",
                )
            ),
        ),
        sheet="Xin lỗi",
        addressees=(DOTS,),
        body=_apology_body(letter, agency),
        signatures=(HEAD_OF_UNIT,),
        recipients=("Như trên", "Bộ phận Một cửa", "Lưu: VT, HS"),
        simulated=letter.simulated,
        made_at=made_at,
    )


def _apology_body(letter: Apology, agency: str) -> Sequence[Paragraph]:
    procedure = letter.procedure
    named = (None if procedure is None else procedure.name or procedure.id) or DOTS
    received, due = _day_in_words(letter.received_at), moment_in_words(letter.due_at)
    return (
        paragraph(
            f"{received[:1].upper()}{received[1:]}, {agency} tiếp nhận giải quyết hồ sơ đề nghị giải quyết thủ tục hành chính "
            f"{named} của Ông/Bà/Tổ chức; mã số hồ sơ: {letter.case_id}."
        ),
        paragraph(f"Thời gian hẹn trả kết quả giải quyết hồ sơ: {due}."),
        paragraph(
            f"Tuy nhiên, đến nay {agency} chưa trả kết quả giải quyết hồ sơ cho Ông/Bà/Tổ chức theo đúng thời gian đã hẹn. "
            f"Lý do: {_ended(letter.reason or DOTS + DOTS)}"
        ),
        paragraph(
            f"Sự chậm trễ này đã gây phiền hà, tốn kém chi phí, công sức của Ông/Bà/Tổ chức. {agency} xin lỗi Ông/Bà/Tổ chức và sẽ "
            f"trả kết quả giải quyết hồ sơ vào {moment_in_words(letter.new_due_at)}."
        ),
        paragraph("Mong nhận được sự thông cảm của Ông/Bà/Tổ chức vì sự chậm trễ này./."),
    )


def _ended(text: str) -> str:
    return text if text.rstrip().endswith((".", "…", "!", "?")) else f"{text}."


def moment_in_words(text: str | None) -> str:
    """Such as "17 giờ 00 phút, ngày 05 tháng 9 năm 2022"; dots where it is not known."""
    return long_moment_in_words(None if text is None else datetime.fromisoformat(text))


def _day_in_words(text: str | None) -> str:
    return long_date_in_words(None if text is None else date.fromisoformat(text[:10]))


def _minutes(minutes: int) -> str:
    return f"{number_in_words(minutes)} phút ({minutes_in_words(minutes)})"
