"""What somebody who has not signed in is shown where figures are for people who have: a form for the whole code of a case, and that case."""

from typing import Final
from urllib.parse import urlencode

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from tiendo_query.pages.rendering import HEADERS
from tiendo_query.pages.showing import in_path
from tiendo_query.pages.speaking import ENVIRONMENTS
from tiendo_runtime.authentication import Caller
from tiendo_runtime.settings import PublicPages
from tiendo_runtime.web import SignInNeeded, language_of_page, path_of, running_of, sign_in_path

_SEEN_BY_TEXT: Final = frozenset({"text", "as_of"})


def has_figures(request: Request, visitor: Caller | None) -> bool:
    """Whether lists, totals, rankings and the search by a part of a code are shown to the visitor."""
    return visitor is not None or running_of(request).settings.shown_pages is PublicPages.ON


def code_form(request: Request) -> HTMLResponse:
    """The form for the whole code of a case."""
    language = language_of_page(request)
    html = (
        ENVIRONMENTS[language]
        .get_template("code/page.html")
        .render(
            signed_in=False, sign_in_path=sign_in_path(request), language=language.value, here=path_of(request) or "/"
        )
    )
    return HTMLResponse(html, headers=HEADERS)


def to_the_case(request: Request, text: str | None) -> Response:
    """The way to the case with that code, whether there is one or not. Raises SignInNeeded for any other question."""
    if not text or not _SEEN_BY_TEXT.issuperset(request.query_params):
        raise SignInNeeded
    as_of = request.query_params.get("as_of")
    seen_at = "" if as_of is None else f"?{urlencode({'as_of': as_of})}"
    return Response(status_code=303, headers={**HEADERS, "Location": f"/cases/{in_path(text)}{seen_at}"})
