"""A list as a file, from its answer alone."""

from tiendo_contracts.answers.publications import ListFormat, Publication
from tiendo_documents.document_files import DocumentFormat, render
from tiendo_query.publications.csv_list import csv_list
from tiendo_query.publications.list_documents import inner_document


def list_file(answer: Publication, form: ListFormat) -> bytes:
    """The list in that form; a document takes up to seconds."""
    match form:
        case ListFormat.JSON:
            return answer.model_dump_json(by_alias=True, exclude_unset=True).encode()
        case ListFormat.CSV:
            return csv_list(answer.model_dump(mode="json"))
        case _:
            return render(inner_document(answer.model_dump(mode="json")), DocumentFormat(form.value))
