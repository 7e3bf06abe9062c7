"""The language of an answer."""

from typing import Final

from fastapi import Request, Response

from tiendo_contracts.problems.problem_documents import Language
from tiendo_runtime.web.public_address import is_secure

COOKIE: Final = "tiendo_language"
"""The cookie that keeps the language that somebody chose for the pages."""

_KEPT_SECONDS: Final = 365 * 24 * 3600


def language_of_page(request: Request, *, accepted: bool = False) -> Language:
    """The language that the browser's cookie keeps; else Vietnamese, with `accepted` what the browser prefers."""
    kept = request.cookies.get(COOKIE)
    if kept in set(Language):
        return Language(kept)
    return language_of(request, Language.VIETNAMESE) if accepted else Language.VIETNAMESE


def keep_language(request: Request, response: Response, language: Language) -> None:
    """Let the browser keep the language for a year."""
    response.set_cookie(
        COOKIE,
        language.value,
        max_age=_KEPT_SECONDS,
        httponly=True,
        samesite="lax",
        secure=is_secure(request),
        path="/",
    )


def language_of(request: Request, default: Language = Language.ENGLISH) -> Language:
    """The language that `Accept-Language` prefers of those that are spoken here; `default` where it names none of them."""
    best, best_weight = default, 0.0
    for entry in request.headers.get("accept-language", "")[:500].split(","):
        name, _, parameters = entry.partition(";")
        weight = _weight(parameters)
        tag = name.strip().lower().split("-")[0]
        if tag in {"en", "vi"} and weight > best_weight:
            best, best_weight = Language(tag), weight
    return best


def _weight(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        return float(value) if 0.0 <= float(value) <= 1.0 else 0.0
    except ValueError:
        return 0.0
