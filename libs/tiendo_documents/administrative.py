"""An administrative document as content, by Nghị định 30/2020/NĐ-CP: what stands on it, not how it is drawn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from tiendo_documents.document_tables import Align, DocumentTable


class Orientation(StrEnum):
    """How the A4 sheet lies."""

    PORTRAIT = "portrait"
    LANDSCAPE = "landscape"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """The head of a document: agency and its superior („cơ quan chủ quản“) beside quốc hiệu and tiêu ngữ.

    `number` is the document's number with its symbol, such as "12/TB-STNMT": never invented; None leaves place for it before
    `symbol`. `subject` is the „V/v“ line of a letter (công văn), whose kind is not named. A place or date that is not known is dotted.
    """

    agency: str
    superior: str | None = None
    number: str | None = None
    symbol: str | None = None
    subject: str | None = None
    place: str | None = None
    dated_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FormHead:
    """The head of a statistical form: its name and its source to the left, title and period in the middle, who reports to whom to the right."""

    form: str
    source: str
    title: str
    period: Sequence[str]
    reporting_unit: str
    receiving_unit: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """The kind of document („THÔNG BÁO“), what it is about („trích yếu“), and lines in italics below."""

    kind: str
    subject: str | None = None
    remarks: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """A piece of a paragraph."""

    text: str
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Text of any length; `indented` sets its first line in by a centimetre, `size` is in points (None: that of the document)."""

    spans: Sequence[TextSpan]
    align: Align = Align.JUSTIFIED
    indented: bool = True
    size: float | None = None


Block = Paragraph | DocumentTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Who signs: in which capacity ("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"), how ("(Ký, ghi rõ họ tên)"), and the name if it is known."""

    capacity: Sequence[str]
    manner: str | None = None
    name: str | None = None


HEAD_OF_UNIT: Final = Signature(capacity=("Thủ trưởng cơ quan, đơn vị",), manner="(Ký, đóng dấu và ghi rõ họ tên)")
"""Whoever heads the unit that writes, where nobody has said who that is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Appendix:
    """A „Phụ lục“ on pages of its own, with numbers of its own. `attached_to` is its line "(Kèm theo …)"."""

    title: str
    body: Sequence[Block]
    number: str | None = None
    attached_to: str | None = None
    orientation: Orientation = Orientation.PORTRAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministrativeDocument:
    """A document with its appendices.

    `sheet` names its sheet in a workbook. `grounds` are the „căn cứ“, `addressees` those of „Kính gửi“, `recipients` those of „Nơi nhận“.
    With several signatures they stand side by side; one stands to the right, beside the recipients. `size` is that of the text in points.
    `compact`: paragraphs close together, as in forms that have to fit one sheet.
    `made_at` (with an offset) is the only time that a file bears; without it files bear none. The same document is the same bytes.
    """

    head: Letterhead | FormHead
    body: Sequence[Block]
    title: Title | None = None
    sheet: str = "Văn bản"
    grounds: Sequence[str] = ()
    addressees: Sequence[str] = ()
    signatures: Sequence[Signature] = ()
    recipients: Sequence[str] = ()
    appendices: Sequence[Appendix] = ()
    orientation: Orientation = Orientation.PORTRAIT
    size: float = 13
    compact: bool = False
    simulated: bool = False
    made_at: datetime | None = None


def paragraph(text: str, *, bold: bool = False, italic: bool = False, align: Align = Align.JUSTIFIED) -> Paragraph:
    """A paragraph of one kind of letters; centred and right-aligned ones are not indented."""
    indented = align is Align.JUSTIFIED
    return Paragraph(spans=(TextSpan(text=text, bold=bold, italic=italic),), align=align, indented=indented)
