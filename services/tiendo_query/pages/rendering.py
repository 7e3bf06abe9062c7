"""Templates filled and sent: nothing on a page comes from another host, and nothing of it may run as a script."""

from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from tiendo_contracts.explanation import minutes_in_words, moment_in_words
from tiendo_contracts.problem_kinds import Refusal
from tiendo_contracts.problems import Language, problem_document
from tiendo_domain.instants import Instant
from tiendo_query.pages.showing import HIDDEN_NAME, in_path, number, percent

_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    # A signed-in page shows names: no cache may keep it for others.
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


def _moment(instant: Instant | None) -> str:
    return "–" if instant is None else moment_in_words(instant)


def _minutes(minutes: int | None) -> str:
    return "–" if minutes is None else minutes_in_words(minutes).vi


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("tiendo_query.pages"),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(number=number, percent=percent, in_path=in_path, moment=_moment, minutes=_minutes)
    return environment


_ENVIRONMENT: Final = _environment()


def rendered(template: str, *, status: int = 200, **values: Any) -> HTMLResponse:  # noqa: ANN401 - whatever the template shows
    """The page; `values` must hold what base.html shows as well: signed_in, notice, position, as_of."""
    html = _ENVIRONMENT.get_template(template).render(hidden_name=HIDDEN_NAME, text=values.pop("text", ""), **values)
    return HTMLResponse(html, status_code=status, headers=_HEADERS)


def refused(request: Request, refusal: Refusal, *, signed_in: bool) -> HTMLResponse:
    """The refusal as a page in Vietnamese, with its status and headers."""
    problem = problem_document(refusal, Language.VIETNAMESE)
    page = rendered(
        "refused.html",
        status=problem["status"],
        title=problem["title"],
        detail=problem["detail"],
        remedy=problem.get("remedy"),
        signed_in=signed_in,
        notice=None,
        position=None,
        as_of=None,
        text=request.query_params.get("text", "")[:50],
    )
    page.headers.update(refusal.headers)
    return page
