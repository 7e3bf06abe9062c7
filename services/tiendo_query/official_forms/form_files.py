"""Forms as files: JSON as they are, the other formats as documents."""

from datetime import datetime
from enum import StrEnum
from typing import Final, assert_never

from tiendo_contracts.answers.official_forms import Apology, ControlSheet, StatisticalTable
from tiendo_documents.administrative import AdministrativeDocument
from tiendo_documents.document_files import MEDIA_TYPES as DOCUMENT_MEDIA_TYPES
from tiendo_documents.document_files import DocumentFormat, render
from tiendo_query.official_forms.case_documents import apology_document, control_sheet_document
from tiendo_query.official_forms.statistical_documents import statistical_document

Form = ControlSheet | Apology | StatisticalTable


class FormFormat(StrEnum):
    """The formats of forms, each called as the suffix of its files."""

    JSON = "json"
    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"


FORM_MEDIA_TYPES: Final = {
    FormFormat.JSON: "application/json",
    **{FormFormat(one.value): media_type for one, media_type in DOCUMENT_MEDIA_TYPES.items()},
}


def form_file(form: Form, form_format: FormFormat, *, made_at: datetime) -> bytes:
    """The file; takes as long as `render`. `made_at`, the instant up to which it reflects the log, is the only time that it bears."""
    if form_format is FormFormat.JSON:
        return f"{form.model_dump_json(by_alias=True, indent=2)}\n".encode()
    return render(_document(form, made_at), DocumentFormat(form_format.value))


def _document(form: Form, made_at: datetime) -> AdministrativeDocument:
    match form:
        case ControlSheet():
            return control_sheet_document(form, made_at=made_at)
        case Apology():
            return apology_document(form, made_at=made_at)
        case StatisticalTable():
            return statistical_document(form, made_at=made_at)
        case _:
            assert_never(form)
