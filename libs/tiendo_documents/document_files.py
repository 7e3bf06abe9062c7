"""An administrative document as a file: one content, three formats."""

from enum import StrEnum
from typing import Final, assert_never

from tiendo_documents.administrative import AdministrativeDocument


class DocumentFormat(StrEnum):
    """The formats of documents, each called as the suffix of its files."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


MEDIA_TYPES: Final = {
    DocumentFormat.PDF: "application/pdf",
    DocumentFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def render(document: AdministrativeDocument, document_format: DocumentFormat) -> bytes:
    """The file; the same document gives the same bytes. Takes a tenth of a second to seconds: call it in a thread (`asyncio.to_thread`).

    Raises TableUneven, TooLong, and NotSet.
    """
    match document_format:
        case DocumentFormat.PDF:
            from tiendo_documents.pdf.pdf_file import pdf  # noqa: PLC0415 - only who asks for a format pays for its library

            return pdf(document)
        case DocumentFormat.DOCX:
            from tiendo_documents.docx.word_file import docx_file  # noqa: PLC0415

            return docx_file(document)
        case DocumentFormat.XLSX:
            from tiendo_documents.xlsx.workbook_file import xlsx  # noqa: PLC0415

            return xlsx(document)
        case _:
            assert_never(document_format)
