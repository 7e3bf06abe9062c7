"""Every fault as a problem document: the one table from errors to answers."""

import json
from collections.abc import Mapping
from contextvars import ContextVar
from typing import Any, Final

import structlog
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from tiendo_contracts.problems.problem_documents import MEDIA_TYPE, Language, problem_document
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_event_store.causes import cause_of
from tiendo_event_store.errors import LogUnavailable, WriterOverloaded
from tiendo_event_store.faults import DATABASE_FAULTS, is_too_costly, is_transient
from tiendo_read_models.errors import NoLiveBuild
from tiendo_runtime.web.allowed_methods import allowed_methods
from tiendo_runtime.web.language import language_of
from tiendo_runtime.web.parts import ProblemPage
from tiendo_runtime.web.problem_pages import wants_page

RETRY_SECONDS: Final = 2
"""What Retry-After says when the database or a part of the service is not there."""

STOPPING: Final = Refusal(ProblemKind.NOT_READY, headers={"Retry-After": str(RETRY_SECONDS)})
"""The refusal of a request that had not ended when the service stopped."""

_LATER: Final = {"Retry-After": str(RETRY_SECONDS)}
_ALWAYS: Final = {
    NoLiveBuild: Refusal(ProblemKind.NOT_READY, headers=_LATER),
    LogUnavailable: Refusal(ProblemKind.LOG_UNAVAILABLE, headers=_LATER),
    WriterOverloaded: Refusal(ProblemKind.OVERLOADED, headers=_LATER),
    ClientDisconnect: Refusal(ProblemKind.BODY_CUT_OFF),
}
_BY_STATUS: Final = {
    404: ProblemKind.NOT_FOUND,
    405: ProblemKind.METHOD_NOT_ALLOWED,
    415: ProblemKind.MEDIA_TYPE_UNSUPPORTED,
}
_A_VALUE: Final = Words(en="a value as the description of the interface says", vi="giá trị đúng như mô tả giao diện")
_WHOLE: Final = Words(en="a whole number", vi="số nguyên")
_ONE_OF: Final = Words(en="one of {expected}", vi="một trong {expected}")
_EXPECTED: Final = {
    "greater_than_equal": Words(en="a number of at least {ge}", vi="số không nhỏ hơn {ge}"),
    "less_than_equal": Words(en="a number of at most {le}", vi="số không lớn hơn {le}"),
    "int_parsing": _WHOLE,
    "int_type": _WHOLE,
    "int_parsing_size": _WHOLE,
    "bool_parsing": Words(en="true or false", vi="true hoặc false"),
    "enum": _ONE_OF,
    "literal_error": _ONE_OF,
}
"""Kind of a fault in pydantic's words -> what is expected."""

answered_kind: ContextVar[ProblemKind | None] = ContextVar("answered_kind", default=None)
"""The kind of the problem that this request was answered with, for the journal."""

_journal = structlog.get_logger("tiendo.web")


def problem_response(refusal: Refusal, language: Language, extra: Mapping[str, Any] | None = None) -> Response:
    """The answer that a refusal gives; `extra` are further members of the document."""
    document = {**problem_document(refusal, language), **(extra or {})}
    answered_kind.set(refusal.kind)
    return Response(
        json.dumps(document, ensure_ascii=False),
        status_code=int(document["status"]),
        media_type=MEDIA_TYPE,
        headers={**refusal.headers, "Content-Language": language.value, "Vary": "Accept-Language"},
    )


async def problem_answer(request: Request, refusal: Refusal) -> Response:
    """The refusal as a document, or as a page where the caller is shown pages."""
    answered_kind.set(refusal.kind)
    if not wants_page(request):
        return problem_response(refusal, language_of(request))
    show: ProblemPage = request.app.state.problem_page
    return await show(request, refusal)


def refusal_of(error: BaseException) -> Refusal:
    """The refusal that stands for a fault."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid(error)
    if isinstance(error, HTTPException):
        return _of_status(error)
    return _of_fault(error)


def _of_fault(error: BaseException) -> Refusal:
    if is_too_costly(error):
        return Refusal(ProblemKind.QUESTION_TOO_COSTLY, headers=_LATER)
    for kind, refusal in _ALWAYS.items():
        if isinstance(error, kind):
            return refusal
    if is_transient(error):
        return Refusal(ProblemKind.DATABASE_UNAVAILABLE, headers=_LATER)
    return Refusal(ProblemKind.INTERNAL_ERROR)


def add_problem_answers(app: FastAPI) -> None:
    """Answer refusals, the framework's own errors and database faults with problem documents."""
    for kind in (Refusal, RequestValidationError, HTTPException, *_ALWAYS, *DATABASE_FAULTS):
        app.add_exception_handler(kind, _answer)


async def _answer(request: Request, error: Exception) -> Response:
    refusal = refusal_of(error)
    if refusal.kind is ProblemKind.METHOD_NOT_ALLOWED and (methods := allowed_methods(request)) is not None:
        refusal = Refusal(refusal.kind, headers={**refusal.headers, "Allow": methods})
    if refusal.kind is ProblemKind.INTERNAL_ERROR:
        _journal.error("request failed", path=request.url.path, exc_info=error)
    elif not isinstance(error, (Refusal, RequestValidationError, HTTPException)):
        _journal.warning("a part of the service is away", path=request.url.path, cause=cause_of(error))
    return await problem_answer(request, refusal)


def _invalid(error: RequestValidationError) -> Refusal:
    first = error.errors()[0]
    place = [str(part) for part in first["loc"] if part not in {"query", "path", "header", "body", "cookie"}]
    field = ".".join(place) or "body"
    if first["type"] == "missing":
        return Refusal(ProblemKind.PARAMETER_MISSING, field=field)
    return Refusal(ProblemKind.PARAMETER_INVALID, field=field, values={"expected": _expected(first)})


def _expected(fault: Mapping[str, Any]) -> Words:
    context = fault.get("ctx") or {}
    wording = _EXPECTED.get(fault["type"], _A_VALUE)
    return Words(en=wording.en.format_map(context), vi=wording.vi.format_map(context))


def _of_status(error: HTTPException) -> Refusal:
    kind = _BY_STATUS.get(error.status_code, ProblemKind.REQUEST_REFUSED)
    return Refusal(kind, values={"known": "application/json"}, headers=error.headers or {})
