"""The letter in which a unit asks a consulted unit for the answers that its cases wait for (công văn, Nghị định 30/2020/NĐ-CP)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from tiendo_documents.administrative import (
    HEAD_OF_UNIT,
    AdministrativeDocument,
    Block,
    Letterhead,
    paragraph,
)
from tiendo_documents.cell_values import minutes_in_words, moment_in_words, number_in_words
from tiendo_documents.document_tables import DocumentColumn, DocumentRow, DocumentTable
from tiendo_domain.vietnamese_order import text_order
from tiendo_query.desk.unit_work import OpenRow

_DOTS: Final = "…………………………"
_NOT_NAMED: Final = "(đơn vị không rõ tên)"


@dataclass(frozen=True, slots=True, kw_only=True)
class AwaitedUnit:
    """A consulted unit with the cases that wait for it, those first that have waited longest. `key` tells it: its id, without one its name."""

    key: str
    name: str | None
    rows: Sequence[OpenRow]

    @property
    def longest_minutes(self) -> int:
        """The working minutes of the case that has waited longest."""
        return max(row.held_minutes for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterHead:
    """Who writes, and to whom it belongs; None where nobody knows."""

    agency: str | None
    superior: str | None


def asked_units(rows: Sequence[OpenRow]) -> list[AwaitedUnit]:
    """The cases by the unit that they wait for, in Vietnamese order of the units' names."""
    found: dict[str, list[OpenRow]] = {}
    for row in rows:
        found.setdefault(_key(row), []).append(row)
    units = [
        AwaitedUnit(
            key=key,
            name=next((row.case.holder.unit_name for row in held if row.case.holder.unit_name), None),
            rows=held,
        )
        for key, held in found.items()
    ]
    return sorted(units, key=lambda one: (text_order(one.name or one.key), one.key))


def _key(row: OpenRow) -> str:
    holder = row.case.holder
    return holder.unit_id or holder.unit_name or holder.id or holder.name or ""


def consultation_letter(head: LetterHead, asked: AwaitedUnit, now: datetime) -> AdministrativeDocument:
    """The letter; number, place, date, and by when an answer is asked for are left as dots: nobody has said them."""
    agency = head.agency or "(cơ quan, đơn vị)"
    name = asked.name or asked.key or _NOT_NAMED
    count = len(asked.rows)
    body: list[Block] = [
        paragraph(
            f"{agency} đang giải quyết {number_in_words(count)} hồ sơ thủ tục hành chính đã gửi xin ý kiến {name} mà đến "
            f"{moment_in_words(now)} chưa nhận được trả lời. Thời gian chờ được tính theo giờ làm việc."
        ),
        _table(asked.rows),
        paragraph(
            f"Đề nghị {name} có ý kiến bằng văn bản đối với các hồ sơ nêu trên trước ngày {_DOTS} để {agency} giải quyết; "
            "trường hợp chưa đủ căn cứ trả lời, đề nghị nêu rõ nội dung cần bổ sung."
        ),
        paragraph(f"Rất mong nhận được sự phối hợp của {name}./."),
    ]
    return AdministrativeDocument(
        head=Letterhead(
            agency=agency,
            superior=head.superior,
            subject="V/v đề nghị trả lời ý kiến đối với hồ sơ thủ tục hành chính",
        ),
        sheet="Công văn",
        addressees=(name,),
        body=body,
        signatures=(HEAD_OF_UNIT,),
        recipients=("Như trên", "Lưu: VT"),
        simulated=any(row.case.simulated for row in asked.rows),
        made_at=now,
    )


def _table(rows: Sequence[OpenRow]) -> DocumentTable:
    return DocumentTable(
        columns=(
            DocumentColumn(heading="STT", width=0.6),
            DocumentColumn(heading="Mã hồ sơ", width=2.4),
            DocumentColumn(heading="Thủ tục", width=3),
            DocumentColumn(heading="Gửi xin ý kiến ngày", width=1.4),
            DocumentColumn(heading="Đã chờ (làm việc)", width=1.6),
            DocumentColumn(heading="Hạn hồ sơ", width=1.6),
        ),
        rows=[
            DocumentRow(
                cells=[
                    number,
                    row.case.case_id,
                    row.case.procedure or "",
                    row.held_since.date(),
                    minutes_in_words(row.held_minutes),
                    None if row.due_at is None else row.due_at.replace(tzinfo=None),
                ]
            )
            for number, row in enumerate(rows, 1)
        ],
        size=11,
    )
