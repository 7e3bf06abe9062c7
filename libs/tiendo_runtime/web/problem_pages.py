"""Problems as a browser shows them: a page in the user's language, with a way on."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import quote

from fastapi import Request, Response

from tiendo_contracts.problems.problem_documents import Language, problem_document
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_runtime.web.language import language_of_page
from tiendo_runtime.web.pages import page
from tiendo_runtime.web.sign_in.local_paths import path_of

_HOME: Final = Words(en="To the first page", vi="Về trang tổng hợp")
_CASES: Final = Words(en="To the list of cases", vi="Xem danh sách hồ sơ")
_SIGN_IN: Final = Words(en="Sign in", vi="Đăng nhập")
_OTHER_KEY: Final = Words(en="Sign in with another key", vi="Đăng nhập bằng mã truy cập khác")
_AGAIN: Final = Words(en="Try again", vi="Thử lại")
_WITHOUT: Final = Words(en="The same page without these parameters", vi="Mở lại trang này, bỏ các tham số")
_AGAIN_KINDS: Final = frozenset(
    {
        *(ProblemKind.OVERLOADED, ProblemKind.LOG_UNAVAILABLE, ProblemKind.DATABASE_UNAVAILABLE),
        *(ProblemKind.NOT_READY, ProblemKind.TOO_MANY_QUESTIONS, ProblemKind.POSITION_NOT_REACHED),
        *(ProblemKind.CASE_NOT_PROJECTED, ProblemKind.ISSUER_AWAY, ProblemKind.INTERNAL_ERROR),
    }
)
_SIGN_IN_KINDS: Final = frozenset(
    {ProblemKind.UNAUTHENTICATED, ProblemKind.SIGN_IN_FAILED, ProblemKind.SIGN_IN_LINK_SPENT}
)
_PARAMETER_KINDS: Final = frozenset(
    {
        *(ProblemKind.PARAMETER_INVALID, ProblemKind.PARAMETER_UNKNOWN, ProblemKind.PARAMETER_REPEATED),
        *(ProblemKind.CURSOR_INVALID, ProblemKind.COMBINATION_UNAVAILABLE),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WayOn:
    """A link that leads on from a problem."""

    href: str
    label: str


def wants_page(request: Request) -> bool:
    """Whether the caller is shown pages: the address is a page, or `Accept` names HTML and no JSON, as browsers send it."""
    if getattr(request.scope.get("route"), "is_page", False):
        return True
    accepted = request.headers.get("accept", "").lower()
    return "text/html" in accepted and "json" not in accepted


def sign_in_path(request: Request) -> str:
    """Where to sign in so as to return to where the browser is."""
    back = path_of(request)
    return "/sign-in" if back in {None, "/"} else f"/sign-in?next={quote(back or '', safe='')}"


def ways_on(request: Request, refusal: Refusal, language: Language) -> list[WayOn]:
    """What can be done next: what mends the problem first, the first page last."""
    return [WayOn(href=href, label=label.spoken(language)) for href, label in _ways(request, refusal.kind)]


def _ways(request: Request, kind: ProblemKind) -> Iterator[tuple[str, Words]]:
    here = path_of(request)
    if kind in _SIGN_IN_KINDS:
        yield sign_in_path(request), _SIGN_IN
    elif kind is ProblemKind.SCOPE_MISSING:
        yield sign_in_path(request), _OTHER_KEY
    elif here is not None and kind in _AGAIN_KINDS:
        yield here, _AGAIN
    elif here is not None and kind in _PARAMETER_KINDS and here.partition("?")[0] != "/":
        yield here.partition("?")[0], _WITHOUT
    elif kind is ProblemKind.CASE_UNKNOWN:
        yield "/cases", _CASES
    yield "/", _HOME


async def plain_problem_page(request: Request, refusal: Refusal) -> Response:
    """The page of a refusal where no part of the service has a nicer one."""
    language = language_of_page(request, accepted=True)
    problem = problem_document(refusal, language)
    links = " · ".join(
        f'<a href="{escape(way.href)}">{escape(way.label)}</a>' for way in ways_on(request, refusal, language)
    )
    answer = page(
        problem["title"], f"<p>{escape(problem['detail'])}</p><p>{links}</p>", language, status=problem["status"]
    )
    answer.headers.update({**refusal.headers, "Cache-Control": "no-store"})
    return answer
