"""Small pages of the frame: what each kind of problem means, the list of addresses, the description of what goes over Kafka."""

import json
from functools import cache
from html import escape
from typing import Final

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse

from tiendo_contracts.messages.asyncapi import asyncapi_document
from tiendo_contracts.problems.problem_documents import Language, explanation, status_of
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.web.language import language_of
from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.public_pages import reader_of_descriptions

router: Final = APIRouter(include_in_schema=False)

_STYLE: Final = (
    ":root{color-scheme:light dark;--ink:#1b2430;--ground:#fff;--band:#eef1f4;--link:#1b4b96;--on-link:#fff;--focus:#b45309}"
    "@media(prefers-color-scheme:dark){"
    ":root{--ink:#e6eaf0;--ground:#10151b;--band:#1c232d;--link:#8db8ff;--on-link:#0d1420;--focus:#fbbf24}}"
    "body{font:16px/1.5 system-ui,sans-serif;max-width:52rem;margin:2rem auto;padding:0 1rem;color:var(--ink);background:var(--ground)}"
    "code{background:var(--band);padding:.1em .3em;overflow-wrap:anywhere}td{padding:.2rem 1rem .2rem 0;vertical-align:top}"
    "a{color:var(--link)}:focus-visible{outline:3px solid var(--focus);outline-offset:2px}"
    "input,button{font:inherit;padding:.3rem .6rem;margin:.2rem 0;max-width:100%;min-height:24px}"
    "button{background:var(--link);color:var(--on-link);border:1px solid var(--link);border-radius:4px}"
)
"""Colours are those of `tiendo_query/pages/static/tiendo.css`, for a service that has no other pages."""
_POLICY: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'"
}


@router.get("/problems")
@router.get("/problems/")
async def problems(request: Request) -> HTMLResponse:
    """All kinds of problems, each with a link to its page."""
    language = language_of(request)
    rows = "".join(_problem_row(kind, language) for kind in ProblemKind)
    title = "Các loại lỗi" if language is Language.VIETNAMESE else "Kinds of problems"
    return page(title, f"<table>{rows}</table>", language)


@router.get("/problems/{kind}")
async def problem(kind: str, request: Request) -> HTMLResponse:
    """What one kind of problem means and what to do about it."""
    if kind not in set(ProblemKind):
        raise Refusal(ProblemKind.NOT_FOUND)
    language = language_of(request)
    title, text = explanation(ProblemKind(kind), language)
    word = "Mã HTTP" if language is Language.VIETNAMESE else "HTTP status"
    body = f"<p>{escape(text)}</p><p><code>/problems/{kind}</code> · {word} {status_of(ProblemKind(kind))}</p>"
    return page(title, body, language)


@router.get("/openapi.json", dependencies=[Depends(reader_of_descriptions)])
async def interface(request: Request) -> JSONResponse:
    """The description of the interface."""
    return JSONResponse(request.app.openapi())


@router.get("/docs", dependencies=[Depends(reader_of_descriptions)])
async def addresses(request: Request) -> HTMLResponse:
    """The addresses of the interface, from its description; nothing on the page comes from another host."""
    language = language_of(request)
    paths = request.app.openapi()["paths"]
    rows = "".join(
        f"<tr><td><code>{method.upper()} {escape(path)}</code></td><td>{escape(operation.get('summary', ''))}</td></tr>"
        for path, operations in sorted(paths.items())
        for method, operation in operations.items()
    )
    title = "Giao diện lập trình" if language is Language.VIETNAMESE else "The programming interface"
    link = '<p><a href="/openapi.json">openapi.json</a> · <a href="/asyncapi.json">asyncapi.json</a> (Kafka)</p>'
    return page(title, f"{link}<table>{rows}</table>", language)


@router.get("/asyncapi.json", dependencies=[Depends(reader_of_descriptions)])
def messages(request: Request) -> Response:
    """The description of what goes over Kafka, with the names of the topics of the generation that is written here."""
    settings = running_of(request).settings
    text = _asyncapi_text(settings.kafka_generation, settings.kafka_partitions)
    return Response(text, media_type="application/json")


@cache
def _asyncapi_text(generation: int, partitions: int) -> str:
    return json.dumps(asyncapi_document(generation=generation, partitions=partitions), ensure_ascii=False)


def page(title: str, body: str, language: Language, *, status: int = 200) -> HTMLResponse:
    """A plain page; `body` is HTML that is safe already."""
    html = (
        f'<!doctype html><html lang="{language.value}"><head><meta charset="utf-8"><title>{escape(title)} – tiendo</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(html, status_code=status, headers={**_POLICY, "Vary": "Accept-Language"})


def _problem_row(kind: ProblemKind, language: Language) -> str:
    title, _ = explanation(kind, language)
    return f'<tr><td><a href="/problems/{kind.value}"><code>{kind.value}</code></a></td><td>{escape(title)}</td></tr>'
