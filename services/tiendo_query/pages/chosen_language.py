"""The language of the pages, chosen once: a cookie keeps it."""

from typing import Final

from fastapi import Request, Response

from tiendo_contracts.problems.problem_kinds import Language, ProblemKind, Refusal
from tiendo_query.pages.page_routes import page_router
from tiendo_query.pages.rendering import HEADERS
from tiendo_runtime.web.form_fields import form_fields
from tiendo_runtime.web.language import keep_language
from tiendo_runtime.web.sign_in.local_paths import local_path

_BODY_MAX: Final = 4_096
_FIELDS_MAX: Final = 5

router: Final = page_router()


@router.post("/language")
async def choose_language(request: Request) -> Response:
    """Show the pages in the language of the form from now on, beginning with the one where it was chosen."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            raise Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": _BODY_MAX})
    fields = form_fields(body, _FIELDS_MAX)
    if fields.get("language") not in set(Language):
        raise Refusal(ProblemKind.PARAMETER_INVALID, field="language", values={"expected": "vi, en"})
    response = Response(status_code=303, headers={**HEADERS, "Location": local_path(fields.get("next")) or "/"})
    keep_language(request, response, Language(fields["language"]))
    return response
