"""A document as DOCX: Times New Roman by name, A4, the heading of tables on every page."""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

import docx
from docx.document import Document
from docx.enum.section import WD_SECTION
from docx.oxml.ns import qn
from docx.shared import Pt

from tiendo_documents.administrative import AdministrativeDocument, Appendix, Block, FormHead, TextSpan
from tiendo_documents.document_names import document_name
from tiendo_documents.document_tables import Align, DocumentTable
from tiendo_documents.docx.markup import table_markup
from tiendo_documents.docx.pieces import WordLine, add, paragraph_markup, said
from tiendo_documents.docx.sections import lay_out, number_pages_anew, text_width_mm
from tiendo_documents.docx.word_heads import closing, form_head, letterhead, title
from tiendo_documents.plain_texts import plain
from tiendo_documents.words import ADDRESSEES, SIMULATED, appendix_heading, attached_line, ground_lines

TYPEFACE: Final = "Times New Roman"
_NO_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)


def docx_file(document: AdministrativeDocument) -> bytes:
    """The file. Raises TableUneven, and TooLong."""
    found = docx.Document()
    _style(found, document)
    notice = SIMULATED if document.simulated else None
    lay_out(found.sections[0], document.orientation, notice)
    _main(found, document)
    for appendix in document.appendices:
        lay_out(found.add_section(WD_SECTION.NEW_PAGE), appendix.orientation, notice)
        _appendix(found, appendix, document)
    number_pages_anew(found)
    written = io.BytesIO()
    found.save(written)
    return _timeless(written)


def _style(found: Document, document: AdministrativeDocument) -> None:
    normal = found.styles["Normal"]
    normal.font.name = TYPEFACE
    normal.font.size = Pt(document.size)
    fonts = normal.element.get_or_add_rPr().get_or_add_rFonts()
    for kind in ("w:eastAsia", "w:cs", "w:hAnsi", "w:ascii"):
        fonts.set(qn(kind), TYPEFACE)
    properties = found.core_properties
    properties.title, properties.language = document_name(document), "vi-VN"
    properties.author = properties.comments = properties.last_modified_by = ""
    properties.created = properties.modified = (document.made_at or _NO_TIME).astimezone(UTC)


def _main(found: Document, document: AdministrativeDocument) -> None:
    width, head = text_width_mm(document.orientation), document.head
    for piece in form_head(head, width) if isinstance(head, FormHead) else letterhead(head, width):
        add(found, piece)
    if document.title is not None:
        for piece in title(document.title, document.size, width):
            add(found, piece)
    if document.addressees:
        dash = "- " if len(document.addressees) > 1 else ""
        lines = "\n".join(f"{dash}{each}" for each in document.addressees)
        add(found, paragraph_markup(WordLine(spans=said(f"{ADDRESSEES} {lines}"), size=document.size, after=6)))
    for ground in ground_lines(document.grounds):
        line = WordLine(
            spans=said(ground, italic=True), size=document.size, align=Align.JUSTIFIED, indented=True, after=6
        )
        add(found, paragraph_markup(line))
    _blocks(found, document.body, document.size, width, after=1 if document.compact else 6)
    for piece in closing(document, width):
        add(found, piece)


def _appendix(found: Document, appendix: Appendix, document: AdministrativeDocument) -> None:
    add(found, paragraph_markup(WordLine(spans=said(appendix_heading(appendix), bold=True), size=14, kept=True)))
    add(found, paragraph_markup(WordLine(spans=said(plain(appendix.title).upper(), bold=True), size=14, kept=True)))
    width = text_width_mm(appendix.orientation)
    if (attached := attached_line(document, appendix)) is not None:
        add(found, paragraph_markup(WordLine(spans=said(attached, italic=True), size=13, kept=True)))
        add(found, paragraph_markup(WordLine(rule_mm=50, within_mm=width, after=8, kept=True)))
    _blocks(found, appendix.body, document.size, width)


def _blocks(found: Document, blocks: Sequence[Block], size: float, width: float, *, after: float = 6) -> None:
    for block in blocks:
        if isinstance(block, DocumentTable):
            _table(found, block, width)
        else:
            line = WordLine(
                spans=block.spans, size=block.size or size, align=block.align, indented=block.indented, after=after
            )
            add(found, paragraph_markup(line))


def _table(found: Document, table: DocumentTable, width: float) -> None:
    above = ((table.caption, Align.CENTRE, True), (table.unit, Align.RIGHT, False))
    for text, align, bold in above:
        if text is not None:
            spans = (TextSpan(text=text, bold=bold, italic=not bold),)
            add(found, paragraph_markup(WordLine(spans=spans, size=table.size, align=align, after=2, kept=True)))
    add(found, table_markup(table, width))
    for note in table.notes:
        line = WordLine(spans=said(note, italic=True), size=table.size, align=Align.JUSTIFIED, before=3)
        add(found, paragraph_markup(line))
    if not table.notes:
        add(found, paragraph_markup(WordLine(size=4)))


def _timeless(written: io.BytesIO) -> bytes:
    """The file with the same entries, and no time of its making in them."""
    found = io.BytesIO()
    with zipfile.ZipFile(written) as made, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as kept:
        for entry in made.infolist():
            name = zipfile.ZipInfo(entry.filename, _ZIP_TIME)
            name.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(name, made.read(entry))
    return found.getvalue()
