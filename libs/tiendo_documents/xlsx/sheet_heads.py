"""What stands above and below the text of a document, as rows of a sheet."""

from collections.abc import Sequence
from typing import Final

from tiendo_documents.administrative import AdministrativeDocument, FormHead, Letterhead, Title
from tiendo_documents.document_tables import Align
from tiendo_documents.plain_texts import plain
from tiendo_documents.words import (
    MOTTO,
    NATION,
    RECEIVING_UNIT,
    RECIPIENTS,
    REPORTING_UNIT,
    number_line,
    place_and_date,
    recipient_lines,
)
from tiendo_documents.xlsx.cell_formats import Look
from tiendo_documents.xlsx.document_sheets import DocumentSheet

_LEFT_PART: Final = 0.42


def letterhead(sheet: DocumentSheet, head: Letterhead) -> None:
    """The agency beside quốc hiệu and tiêu ngữ, and the number beside place and date."""
    centred, bold = Look(size=12, align=Align.CENTRE), Look(size=12, bold=True, align=Align.CENTRE)
    agency = (plain(head.agency).upper(), bold)
    above = agency if head.superior is None else (plain(head.superior).upper(), centred)
    below = ("", centred) if head.superior is None else agency
    _pairs(sheet, [(above, (NATION, bold)), (below, (MOTTO, bold))])
    sheet.end_row(6)
    dated = (place_and_date(head), Look(size=13, italic=True, align=Align.CENTRE))
    _pairs(sheet, [((number_line(head), Look(size=13, align=Align.CENTRE)), dated)])
    if head.subject is not None:
        _pairs(sheet, [((head.subject, centred), ("", centred))])
    sheet.end_row(8)


def form_head(sheet: DocumentSheet, head: FormHead) -> None:
    """The form, who reports to whom, and below them title and period."""
    units = [(REPORTING_UNIT, head.reporting_unit), (RECEIVING_UNIT, head.receiving_unit)]
    right = [f"{label} {unit}" for label, unit in units if unit]
    texts = [(head.form, right[0]), (head.source, right[1] if len(right) > 1 else "")]
    _pairs(sheet, [((one, Look(bold=place == 0)), (two, Look())) for place, (one, two) in enumerate(texts)])
    sheet.end_row(6)
    sheet.line(plain(head.title).upper(), Look(size=13, bold=True, align=Align.CENTRE))
    for line in head.period:
        sheet.line(line, Look(align=Align.CENTRE))


def title(sheet: DocumentSheet, found: Title) -> None:
    """The kind of document and what it is about."""
    sheet.line(plain(found.kind).upper(), Look(size=14, bold=True, align=Align.CENTRE))
    if found.subject is not None:
        sheet.line(found.subject, Look(size=13, bold=True, align=Align.CENTRE))
    for remark in found.remarks:
        sheet.line(remark, Look(size=12, italic=True, align=Align.CENTRE))
    sheet.end_row(8)


def closing(sheet: DocumentSheet, document: AdministrativeDocument) -> None:
    """The recipients beside the one who signs; several who sign stand side by side, above the recipients."""
    recipients = [(text, Look(size=11)) for text in recipient_lines(document.recipients)]
    left = [(RECIPIENTS, Look(size=12, bold=True, italic=True)), *recipients] if recipients else []
    columns = [_signature_lines(document, place) for place in range(len(document.signatures))]
    if len(columns) > 1:
        left, right = columns[0], columns[-1]
    else:
        right = columns[0] if columns else []
    sheet.row += 1
    empty = ("", Look())
    count = max(len(left), len(right))
    padded = [[*lines, *[empty] * (count - len(lines))] for lines in (left, right)]
    _pairs(sheet, list(zip(*padded, strict=True)))
    if len(columns) > 1 and recipients:
        for text, look in [(RECIPIENTS, Look(size=12, bold=True, italic=True)), *recipients]:
            sheet.line(text, look)


def _signature_lines(document: AdministrativeDocument, place: int) -> list[tuple[str, Look]]:
    signature = document.signatures[place]
    bold = Look(size=13, bold=True, align=Align.CENTRE)
    lines = [(plain(text).upper(), bold) for text in signature.capacity]
    if signature.manner is not None:
        lines.append((signature.manner, Look(size=12, italic=True, align=Align.CENTRE)))
    return [*lines, *[("", Look())] * 3, (signature.name or "", bold)]


def _pairs(sheet: DocumentSheet, lines: Sequence[tuple[tuple[str, Look], tuple[str, Look]]]) -> None:
    """Lines of which the left and the right half say different things."""
    left, right = _halves(sheet)
    if left == right:
        for pair in lines:
            for text, look in pair:
                sheet.line(text, look)
        return
    for (first, first_look), (second, second_look) in lines:
        sheet.end_row(max(sheet.beside(first, first_look, left), sheet.beside(second, second_look, right)))


def _halves(sheet: DocumentSheet) -> tuple[tuple[int, int], tuple[int, int]]:
    """The columns of the left and of the right half."""
    last, so_far, whole = len(sheet.widths) - 1, 0.0, sum(sheet.widths)
    for place in range(last):
        so_far += sheet.widths[place]
        if so_far >= whole * _LEFT_PART or place == last - 1:
            return (0, place), (place + 1, last)
    return (0, 0), (0, 0)
