"""An administrative document as an answer: set on paper in the form that was asked for."""

import asyncio
from collections.abc import Mapping

from fastapi import Response

from tiendo_documents.administrative import AdministrativeDocument
from tiendo_documents.document_files import MEDIA_TYPES, DocumentFormat, render


async def document_answer(
    document: AdministrativeDocument, document_format: str, *, name: str, headers: Mapping[str, str]
) -> Response:
    """The file `name` with the suffix of the format, to be saved; set in a thread, for that takes a while."""
    form = DocumentFormat(document_format)
    file = await asyncio.to_thread(render, document, form)
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
    return Response(file, media_type=MEDIA_TYPES[form], headers={**disposition, **headers})
