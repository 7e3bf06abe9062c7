"""Sheets of a document in Word: their size and margins, and the number of the page in the margin above."""

from typing import Final

from docx.document import Document
from docx.enum.section import WD_ORIENT
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Mm

from tiendo_documents.administrative import Orientation
from tiendo_documents.docx.markup import NAMESPACE, run

SHORT_MM: Final = 210
LONG_MM: Final = 297
_TOP_MM: Final = 20
_LEFT_MM: Final = 30
_RIGHT_MM: Final = 15
_NUMBER_SIZE: Final = 13
_NOTICE_SIZE: Final = 10


def text_width_mm(orientation: Orientation) -> float:
    """How wide a line of text is."""
    return (LONG_MM if orientation is Orientation.LANDSCAPE else SHORT_MM) - _LEFT_MM - _RIGHT_MM


def lay_out(section: Section, orientation: Orientation, notice: str | None) -> None:
    """Give the section its sheet, and pages of which the first shows no number. `notice` stands on every page."""
    landscape = orientation is Orientation.LANDSCAPE
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(LONG_MM), Mm(SHORT_MM)) if landscape else (Mm(SHORT_MM), Mm(LONG_MM))
    section.top_margin = section.bottom_margin = Mm(_TOP_MM)
    section.left_margin = Mm(_LEFT_MM)
    section.right_margin = Mm(_RIGHT_MM)
    section.header_distance = section.footer_distance = Mm(8)
    section.different_first_page_header_footer = True
    section.header.is_linked_to_previous = section.first_page_header.is_linked_to_previous = False
    _fill(section.header.part.element, notice, numbered=True)
    _fill(section.first_page_header.part.element, notice, numbered=False)


def number_pages_anew(document: Document) -> None:
    """Let the pages of each section count from 1."""
    for columns in document.element.body.iter(qn("w:cols")):
        columns.addprevious(parse_xml(f'<w:pgNumType xmlns:w="{NAMESPACE}" w:start="1"/>'))


def _fill(header: BaseOxmlElement, notice: str | None, *, numbered: bool) -> None:
    for paragraph in list(header):
        header.remove(paragraph)
    number = f'<w:fldSimple w:instr="PAGE"><w:r><w:rPr><w:sz w:val="{_NUMBER_SIZE * 2}"/></w:rPr><w:t>2</w:t></w:r></w:fldSimple>'
    lines = [("center", number if numbered else "")]
    if notice is not None:
        lines.append(("right", run(notice, size=_NOTICE_SIZE, italic=True)))
    for align, letters in lines:
        header.append(parse_xml(f'<w:p xmlns:w="{NAMESPACE}"><w:pPr><w:jc w:val="{align}"/></w:pPr>{letters}</w:p>'))
