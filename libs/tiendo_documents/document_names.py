"""What a document and its sheets are called."""

from typing import Final

from tiendo_documents.administrative import AdministrativeDocument, FormHead
from tiendo_documents.plain_texts import one_line

_LENGTH_MAX: Final = 255
"""What properties of a file can hold."""


def document_name(document: AdministrativeDocument) -> str:
    """What the document is called in the properties of its file; what is too long ends in an ellipsis."""
    name = _whole_name(document)
    return name if len(name) <= _LENGTH_MAX else f"{name[: _LENGTH_MAX - 1]}…"


def _whole_name(document: AdministrativeDocument) -> str:
    if document.title is not None:
        return one_line(" ".join(filter(None, (document.title.kind, document.title.subject))))
    if isinstance(document.head, FormHead):
        return one_line(document.head.title)
    return one_line(document.head.subject or document.head.agency)
