"""Files of documents read back by other libraries than those that wrote them, where there are any."""

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
import openpyxl
import pypdfium2
from docx.document import Document
from docx.oxml.ns import qn

from tiendo_documents.administrative import AdministrativeDocument
from tiendo_documents.document_files import DocumentFormat, render


def pages(file: bytes) -> list[str]:
    """The text of each page of a PDF, runs of white space as one space."""
    opened = pypdfium2.PdfDocument(file)
    try:
        return [squeezed(_text(page)) for page in opened]
    finally:
        opened.close()


def _text(page: pypdfium2.PdfPage) -> str:
    found = page.get_textpage()
    try:
        return str(found.get_text_range())
    finally:
        found.close()
        page.close()


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\ufffe", "")).strip()


def sizes(file: bytes) -> list[tuple[int, int]]:
    """The width and the height of each page in millimetres."""
    opened = pypdfium2.PdfDocument(file)
    try:
        return [
            (round(width / 72 * 25.4), round(height / 72 * 25.4))
            for width, height in map(opened.get_page_size, range(len(opened)))
        ]
    finally:
        opened.close()


def word(file: bytes) -> Document:
    return docx.Document(io.BytesIO(file))


def word_text(file: bytes) -> str:
    """All letters of the body and of its tables, in their order; breaks as line ends."""
    return "\n".join(_word_lines(word(file)))


def _word_lines(document: Document) -> Iterator[str]:
    for paragraph in document.element.body.iter(qn("w:p")):
        yield "".join(
            "\n" if piece.tag == qn("w:br") else piece.text or "" for piece in paragraph.iter(qn("w:t"), qn("w:br"))
        )


def workbook(file: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(file))


def cells(file: bytes) -> list[Any]:
    """What stands in the cells of all sheets."""
    return [
        cell.value
        for sheet in workbook(file).worksheets
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def texts(document: AdministrativeDocument) -> dict[DocumentFormat, str]:
    """What each format says, runs of white space as one space."""
    return {
        DocumentFormat.PDF: " ".join(pages(render(document, DocumentFormat.PDF))),
        DocumentFormat.DOCX: squeezed(word_text(render(document, DocumentFormat.DOCX))),
        DocumentFormat.XLSX: squeezed(" ".join(map(str, cells(render(document, DocumentFormat.XLSX))))),
    }
