"""What stands above and below the text of a document, as pieces for Word."""

from collections.abc import Iterator
from typing import Final

from tiendo_documents.administrative import AdministrativeDocument, FormHead, Letterhead, Signature, Title
from tiendo_documents.document_tables import Align
from tiendo_documents.docx.pieces import WordLine, paragraph_markup, said, side_by_side
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

_AGENCY_PART: Final = 0.44
_MOTTO_MM: Final = 54
_SHORT_RULE_MM: Final = 24
_SIGNED_ABOVE: Final = 48


def letterhead(head: Letterhead, width: float) -> Iterator[str]:
    """The agency beside quốc hiệu and tiêu ngữ, and the number beside place and date."""
    left, right = width * _AGENCY_PART, width * (1 - _AGENCY_PART)
    agency = [] if head.superior is None else [WordLine(spans=said(plain(head.superior).upper()), size=12)]
    agency += [
        WordLine(spans=said(plain(head.agency).upper(), bold=True), size=12),
        WordLine(rule_mm=_SHORT_RULE_MM, within_mm=left, after=4),
        WordLine(spans=said(number_line(head)), size=13),
    ]
    if head.subject is not None:
        agency.append(WordLine(spans=said(head.subject), size=12))
    nation = [
        WordLine(spans=said(NATION, bold=True), size=12),
        WordLine(spans=said(MOTTO, bold=True), size=13),
        WordLine(rule_mm=_MOTTO_MM, within_mm=right, after=4),
        WordLine(spans=said(place_and_date(head), italic=True), size=13),
    ]
    yield side_by_side([(left, agency), (right, nation)])
    yield paragraph_markup(WordLine(size=8))


def form_head(head: FormHead, width: float) -> Iterator[str]:
    """The form, its title and period, and who reports to whom."""
    name = [
        WordLine(spans=said(head.form, bold=True), size=11, align=Align.LEFT),
        WordLine(spans=said(head.source, italic=True), size=11, align=Align.LEFT),
    ]
    middle = [WordLine(spans=said(plain(head.title).upper(), bold=True), size=13)]
    middle += [WordLine(spans=said(line), size=11) for line in head.period]
    units = [(REPORTING_UNIT, head.reporting_unit), (RECEIVING_UNIT, head.receiving_unit)]
    right = [
        WordLine(spans=said(text, bold=bold), size=11, align=Align.LEFT)
        for label, unit in units
        if unit
        for text, bold in ((label, True), (unit, False))
    ]
    part = width / 4.3
    yield side_by_side([(part, name), (part * 2.2, middle), (part * 1.1, right)])
    yield paragraph_markup(WordLine(size=6))


def title(found: Title, size: float, width: float) -> Iterator[str]:
    """The kind of document and what it is about."""
    yield paragraph_markup(WordLine(spans=said(plain(found.kind).upper(), bold=True), size=max(size, 13), kept=True))
    if found.subject is not None:
        yield paragraph_markup(WordLine(spans=said(found.subject, bold=True), size=size, kept=True))
        yield paragraph_markup(WordLine(rule_mm=50, within_mm=width, after=6, kept=True))
    for remark in found.remarks:
        yield paragraph_markup(WordLine(spans=said(remark, italic=True), size=size, after=4))


def closing(document: AdministrativeDocument, width: float) -> Iterator[str]:
    """The recipients beside the one who signs; several who sign stand side by side, above the recipients."""
    recipients = _recipients(document)
    signatures = [_signature(each, min(document.size, 13)) for each in document.signatures]
    if not recipients and not signatures:
        return
    yield paragraph_markup(WordLine(size=6))
    if len(signatures) > 1:
        yield side_by_side([(width / len(signatures), lines) for lines in signatures])
        if recipients:
            yield paragraph_markup(WordLine(size=6))
            yield side_by_side([(width, recipients)])
    else:
        yield side_by_side([(width / 2, recipients), (width / 2, signatures[0] if signatures else [])])


def _recipients(document: AdministrativeDocument) -> list[WordLine]:
    lines = [WordLine(spans=said(text), size=11, align=Align.LEFT) for text in recipient_lines(document.recipients)]
    heading = WordLine(spans=said(RECIPIENTS, bold=True, italic=True), size=12, align=Align.LEFT)
    return [heading, *lines] if lines else []


def _signature(signature: Signature, size: float) -> list[WordLine]:
    lines = [WordLine(spans=said(plain(text).upper(), bold=True), size=size) for text in signature.capacity]
    if signature.manner is not None:
        lines.append(WordLine(spans=said(signature.manner, italic=True), size=size))
    lines.append(WordLine(size=size, before=_SIGNED_ABOVE))
    if signature.name is not None:
        lines.append(WordLine(spans=said(signature.name, bold=True), size=size))
    return lines
