"""A list as an administrative document (Nghị định 30/2020/NĐ-CP), filled from its content alone; for those who see it whole, and for the public."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any, Final

from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_documents.administrative import (
    AdministrativeDocument,
    Appendix,
    Block,
    Letterhead,
    Orientation,
    Paragraph,
    Signature,
    Title,
    paragraph,
)
from tiendo_documents.cell_values import Value, minutes_in_words
from tiendo_documents.document_tables import DocumentColumn, DocumentRow, DocumentTable, RowRole, group_row
from tiendo_domain.explanations import Difficulty
from tiendo_domain.monthly_list.listing import WithheldFor
from tiendo_domain.months import Month
from tiendo_query.publications.list_words import FIGURES, MEMBERS, WITHHELD, member_words

Said = Mapping[str, Any]
_NO_UNIT: Final = "(không rõ đơn vị)"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    """A column: its heading, its width, what a row says in it; `added`: sums of it make sense."""

    heading: str
    width: float
    value: Callable[[Said], Value]
    added: bool = False


def _figure(name: str, heading: str | None = None, width: float = 1.2) -> _Shown:
    return _Shown(heading=heading or MEMBERS[name], width=width, value=lambda row: int(row[name]), added=True)


_PERSON: Final = (
    _Shown(heading="Họ và tên", width=2.8, value=lambda row: row["name"] or "(không rõ họ tên)"),
    _Shown(heading="Chức vụ", width=1.7, value=lambda row: row["position"]),
)
_LATE: Final = (
    _figure("cases"),
    _figure("late_cases"),
    _figure("late_cases_by_rule"),
    _figure("attributed_minutes", width=1.4),
    _Shown(
        heading="Quy ra ngày, giờ làm việc", width=2.6, value=lambda row: minutes_in_words(row["attributed_minutes"])
    ),
    _figure("attributed_by_rule_minutes", width=1.4),
    _figure("moved_minutes", width=1.3),
    _figure("late_entry_minutes", width=1.3),
    _figure("late_entry_by_rule_minutes", width=1.3),
)


def _publicity(row: Said) -> str:
    if row["withheld"] is not None:
        return f"Không nêu tên: {WITHHELD[WithheldFor(row['withheld'])]}"
    return "Đang chờ quyết định về giải trình" if row.get("explanation_pending") else ""


_PUBLICITY: Final = _Shown(heading="Công khai", width=2, value=_publicity)
_INNER: Final = (
    _Shown(
        heading="Lý do giải trình",
        width=2,
        value=lambda row: ", ".join(REASON_WORDS[Difficulty(one)].vi for one in row["reasons"]),
    ),
    _PUBLICITY,
)
_OVERDUE: Final = (
    _figure("cases"),
    _figure("held_cases"),
    _figure("attributed_minutes"),
    _figure("attributed_by_rule_minutes"),
    _figure("moved_minutes"),
)
_PUNCTUAL: Final = (_figure("cases"),)


def inner_document(answer: Said) -> AdministrativeDocument:
    """The list of an answer, with everything that it says of each officer."""
    rows = {part: [_flat(row, answer["unit_paths"]) for row in answer[part]] for part in _PARTS}
    differences = [
        {**row, "name": None if row["officer"] is None else row["officer"]["name"]} for row in answer["differences"]
    ]
    steps = [step for step in answer["steps"] if step["version"] <= answer["version"]]
    said = {step["kind"]: step["said"] for step in steps}
    signed = {**said.get("approved", {}), **said.get("corrected", {})}
    return _document(
        answer, answer["unit_name"] or answer["unit"], rows, differences, signed, answer["number"], inner=True
    )


def public_document(view: Said, number: str, signed: Said) -> AdministrativeDocument:
    """The list as the public sees it; `signed` says by whom and by which document it was approved."""
    rows = {
        part: [{**row, "unit_name": row["unit"], "group": row["unit_number"]} for row in view[part]] for part in _PARTS
    }
    return _document(view, view["unit"] or "", rows, view["differences"], signed, number, inner=False)


_PARTS: Final = ("officers", "open_overdue", "officers_without_late_case")


def _flat(row: Said, paths: Mapping[str, str]) -> dict[str, Any]:
    officer = row["officer"]
    unit = officer["unit"] or {}
    return {
        **row,
        "name": officer["name"],
        "position": officer["position"],
        "unit_name": paths.get(str(unit.get("id"))) or unit.get("name") or unit.get("id"),
        "group": (unit.get("id"), unit.get("name")),
    }


def _document(  # noqa: PLR0917 - the pieces of one document
    content: Said,
    agency: str,
    rows: Mapping[str, Sequence[Said]],
    differences: Sequence[Said],
    signed: Said,
    number: str | None,
    *,
    inner: bool,
) -> AdministrativeDocument:
    month = Month.read(content["period"])
    paper = signed.get("document") or {}
    signer = signed.get("approved_by") or {}
    late = (*_PERSON, *_LATE, *(_INNER if inner else ()))
    overdue = (*_PERSON, *_OVERDUE, *([_PUBLICITY] if inner else []))
    punctual = (*_PERSON, *_PUNCTUAL, *([_PUBLICITY] if inner else []))
    return AdministrativeDocument(
        head=Letterhead(
            superior=content.get("superior_name"),
            agency=agency,
            number=paper.get("document_number"),
            symbol="TB",
            dated_on=_day(paper.get("signed_at"), read_instant(content["known_at"]).tzinfo),
        ),
        title=Title(
            kind="Thông báo",
            subject=f"Công khai công chức, viên chức chậm trễ trong giải quyết thủ tục hành chính tháng {month.in_words}",
            remarks=[f"(Danh sách {number or 'dự thảo'}, phiên bản {content['version']})"],
        ),
        sheet="Thông báo",
        grounds=[_ground(signed["legal_basis"])] if signed.get("legal_basis") else (),
        body=list(_body(content, agency, month, signed)),
        signatures=[
            Signature(capacity=[(signer.get("position") or "Thủ trưởng đơn vị").upper()], name=signer.get("name"))
        ],
        recipients=["Văn phòng UBND tỉnh", "Các đơn vị có tên trong danh sách", "Lưu: VT"],
        appendices=[
            _appendix("I", "Danh sách công chức, viên chức chậm trễ", rows["officers"], late, notes=_NOTES),
            _appendix(
                "II",
                "Công chức, viên chức đang giữ hoặc chịu phần chậm trong hồ sơ quá hạn chưa giải quyết xong (số liệu tạm tính)",
                rows["open_overdue"],
                overdue,
                notes=["Số liệu tạm tính tại cuối tháng, không cộng vào Phụ lục I."],
            ),
            _appendix(
                "III",
                "Công chức, viên chức không có hồ sơ chậm",
                rows["officers_without_late_case"],
                punctual,
            ),
            *([_differences(differences, "không có" if inner else "không nêu tên")] if differences else []),
        ],
        simulated=content["simulated"],
        made_at=read_instant(content["decided_until"] or content["known_at"]),
    )


_NOTES: Final = (
    "Thời gian tính bằng phút làm việc; 480 phút là một ngày làm việc.",
    "„Theo quy tắc“ là phần do quy tắc xác định; „sau quyết định“ là phần còn lại sau các quyết định về giải trình.",
    "Thời gian quên thao tác được nêu riêng, không cộng vào thời gian quy trách nhiệm.",
)


_BEGIN_A_GROUND: Final = ("căn cứ", "theo", "thực hiện", "xét")


def _ground(basis: str) -> str:
    """The legal basis as it stands among the grounds, which begin with such words as „Căn cứ“."""
    return basis if basis.casefold().startswith(_BEGIN_A_GROUND) else f"Căn cứ {basis}"


def _body(content: Said, agency: str, month: Month, signed: Said) -> Iterator[Paragraph | DocumentTable]:
    known = _moment(content["known_at"])
    decided = (
        "" if content["decided_until"] is None else f", có tính các quyết định đến {_moment(content['decided_until'])}"
    )
    yield paragraph(
        f"{agency} công khai danh sách công chức, viên chức chậm trễ trong giải quyết thủ tục hành chính tháng {month.in_words} "
        f"như các Phụ lục kèm theo. Số liệu theo những gì hệ thống biết đến {known}{decided}."
    )
    if signed.get("reason"):
        yield paragraph(f"Lý do đính chính: {signed['reason'].rstrip(' .;')}.")
    ended = content["window_ended_at"]
    if ended is not None:
        yield paragraph(
            f"Thời hạn giải trình kết thúc {_moment(ended)} ({content['window_working_days']} ngày làm việc)."
        )
    yield paragraph(_withheld_words(content["withheld"], content["least_minutes"]))
    figures = content["figures"]
    yield DocumentTable(
        columns=[
            DocumentColumn(heading="Kết quả giải quyết hồ sơ thuộc trách nhiệm của đơn vị", width=4),
            DocumentColumn(heading="Số hồ sơ", width=1),
        ],
        rows=[
            DocumentRow(cells=[words, figures[name]])
            for name, words in FIGURES.items()
            if figures.get(name) is not None
        ],
    )


def _withheld_words(withheld: Said, least: int) -> str:
    if not withheld["count"]:
        return "Không có công chức, viên chức nào trong danh sách được giữ tên."
    reasons = [
        (withheld["undecided"], "có giải trình gửi trong thời hạn mà chưa được quyết định"),
        (withheld["below_least_minutes"], f"có thời gian dưới {max(1, least)} phút"),
        (withheld["unnamed"], "không rõ họ tên"),
    ]
    told = "; ".join(f"{count} người {why}" for count, why in reasons if count)
    return f"Có {withheld['count']} công chức, viên chức không được nêu tên khi công khai: {told}."


def _appendix(
    number: str, title: str, rows: Sequence[Said], columns: Sequence[_Shown], notes: Sequence[str] = ()
) -> Appendix:
    body: list[Block] = [_table(rows, columns, notes)] if rows else [paragraph("Không có.")]
    return Appendix(number=number, title=title, body=body, orientation=Orientation.LANDSCAPE)


def _table(rows: Sequence[Said], columns: Sequence[_Shown], notes: Sequence[str]) -> DocumentTable:
    """The rows, grouped by unit as they stand, numbered through, with the sum of what can be added."""
    lines: list[DocumentRow] = []
    group: object = object()
    for number, row in enumerate(rows, 1):
        if row["group"] != group:
            group = row["group"]
            lines.append(group_row(str(row["unit_name"] or _NO_UNIT), table_columns=len(columns) + 1))
        lines.append(DocumentRow(cells=[number, *(column.value(row) for column in columns)]))
    sums = [sum(int(str(column.value(row))) for row in rows) if column.added else "" for column in columns]
    lines.append(DocumentRow(cells=["", "Tổng cộng", *sums[1:]], kind=RowRole.TOTAL))
    heads = [
        DocumentColumn(heading="STT", width=0.6),
        *(DocumentColumn(heading=column.heading, width=column.width) for column in columns),
    ]
    return DocumentTable(columns=heads, rows=lines, notes=notes, size=10)


def _differences(rows: Sequence[Said], nothing: str) -> Appendix:
    """What was and is now; `nothing`: the word for a figure that is not there."""
    lines = [
        DocumentRow(
            cells=[
                row["name"] or "Đơn vị",
                member_words(row["member"]),
                *(nothing if value is None else value for value in (row["was"], row["now"])),
            ]
        )
        for row in rows
    ]
    columns = [
        DocumentColumn(heading="Họ và tên", width=3),
        DocumentColumn(heading="Nội dung", width=4),
        DocumentColumn(heading="Trước", width=1),
        DocumentColumn(heading="Nay", width=1),
    ]
    title = "Những thay đổi so với lần trước"
    return Appendix(
        number="IV",
        title=title,
        body=[DocumentTable(columns=columns, rows=lines, size=10)],
        orientation=Orientation.LANDSCAPE,
    )


def _moment(text: str) -> str:
    at = datetime.fromisoformat(text)
    return f"{at.hour:02} giờ {at.minute:02} ngày {at.day:02}/{at.month:02}/{at.year}"


def _day(text: str | None, zone: tzinfo | None) -> date | None:
    """The local day of a date, or of an instant as it was sent."""
    if text is None:
        return None
    at = read_instant(text)
    return at.date() if at.tzinfo is None else at.astimezone(zone).date()
