"""Refusals and faults as pages, in the user's language and with ways on."""

import re
from typing import Final

import structlog
from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_contracts.problems.problem_kinds import Language, ProblemKind, Refusal, Words
from tiendo_query.pages.rendering import HEADERS
from tiendo_query.pages.speaking import ENVIRONMENTS
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.web import current_session, language_of_page, path_of, sign_in_path, ways_on

_FIRST_FAULT: Final = 500
_QUOTED: Final = re.compile(r"`([^`]*)`")
_FIELD_WORDS: Final = {
    "from": Words(en="From", vi="Từ ngày"),
    "to": Words(en="to", vi="đến ngày"),
    "text": Words(en="Case", vi="Mã hồ sơ"),
    "unit": Words(en="unit", vi="đơn vị"),
    "as_of": Words(en="as of", vi="thời điểm xem (as_of)"),
    "page": Words(en="page", vi="số trang"),
}
"""How forms and pages call what an address calls otherwise."""
_OF_ANOTHER_ROLE: Final = Words(
    en="This is for people with another role. If it should be for you as well, ask whoever looks after the accounts of your agency.",
    vi="Việc này dành cho người có vai trò khác. Nếu anh/chị cần quyền này, hãy đề nghị người quản lý tài khoản của cơ quan.",
)
"""What people read in place of scopes, which only keys are told of."""


async def problem_page(request: Request, refusal: Refusal) -> Response:
    """The refusal as a page; a fault is shown without asking the database who is signed in."""
    language = language_of_page(request, accepted=True)
    problem = problem_document(refusal, language)
    session = None if problem["status"] >= _FIRST_FAULT else await current_session(request)
    lacks_role = isinstance(session, SignedInPerson) and refusal.kind is ProblemKind.SCOPE_MISSING
    again = _again_seconds(request, refusal, problem["status"])
    html = (
        ENVIRONMENTS[language]
        .get_template("problem/page.html")
        .render(
            language=language.value,
            here=path_of(request) or "/",
            title=problem["title"],
            detail=_OF_ANOTHER_ROLE.spoken(language) if lacks_role else _said(problem["detail"], language),
            status=problem["status"],
            kind=refusal.kind.value,
            request_id=structlog.contextvars.get_contextvars().get("request_id"),
            signed_in=session is not None,
            sign_in_path=sign_in_path(request),
            ways=ways_on(request, refusal, language),
            again=again,
        )
    )
    headers = {
        **_loading_again(again),
        **HEADERS,
        **refusal.headers,
        "Content-Language": language.value,
        "Vary": "Accept-Language",
    }
    return HTMLResponse(html, status_code=problem["status"], headers=headers)


def _again_seconds(request: Request, refusal: Refusal, status: int) -> str | None:
    """After how many seconds the page loads itself again: where something is away for a while, such as after an upgrade, and nothing was sent."""
    return refusal.headers.get("Retry-After") if status >= _FIRST_FAULT and request.method == "GET" else None


def _loading_again(seconds: str | None) -> dict[str, str]:
    # By a header, which needs no script.
    return {} if seconds is None else {"Refresh": seconds}


def _said(detail: str, language: Language) -> str:
    """The detail with the names of parameters as the page calls them."""

    def word(found: re.Match[str]) -> str:
        words = _FIELD_WORDS.get(found[1])
        return f"„{found[1] if words is None else words.spoken(language)}“"

    return _QUOTED.sub(word, detail)
