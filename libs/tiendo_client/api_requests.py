"""Requests to tiendo's HTTP API: one answer, or every page of a list; problems as errors; come again when told to."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from tiendo_client.errors import AccessDenied, ApiProblem, ApiUnreachable, NotFound, NotYet, RequestInvalid

A = TypeVar("A", bound=BaseModel)
Parameter = str | int | bool | date | datetime | None

_BY_STATUS: Mapping[int, type[ApiProblem]] = {
    HTTPStatus.BAD_REQUEST: RequestInvalid,
    HTTPStatus.UNAUTHORIZED: AccessDenied,
    HTTPStatus.FORBIDDEN: AccessDenied,
    HTTPStatus.NOT_FOUND: NotFound,
    HTTPStatus.UNPROCESSABLE_ENTITY: RequestInvalid,
}
_RETRIED = frozenset({404, 429, 503, 504})
_RETRY_SECONDS = 1.0
"""Before the next try after an answer that names no time (504: the projection is not there yet)."""


class ApiRequests:
    """Sends requests over a connection, and waits where the service says so, for `patience_seconds` in all."""

    def __init__(self, http: httpx.AsyncClient, patience_seconds: float) -> None:
        self._http = http
        self._patience_seconds = patience_seconds

    async def one(self, model: type[A], path: str, parameters: Mapping[str, Parameter]) -> A:
        """The answer. Members unknown to this version are passed over. Raises ApiError."""
        response = await self._answered(path, parameters)
        try:
            return model.model_validate_json(response.content, extra="ignore")
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(str(part) for part in first["loc"])
            raise ApiUnreachable(str(response.url), f"no {model.__name__}: {where}: {first['msg']}") from error

    async def pages(self, model: type[A], path: str, parameters: Mapping[str, Parameter]) -> AsyncIterator[A]:
        """Every page of a list."""
        cursor: str | None = None
        while True:
            page = await self.one(model, path, {**parameters, "cursor": cursor})
            yield page
            cursor = getattr(page, "next", None)
            if cursor is None:
                return

    async def _answered(self, path: str, parameters: Mapping[str, Parameter]) -> httpx.Response:
        asked = {name: _text(value) for name, value in parameters.items() if value is not None}
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._patience_seconds
        while True:
            try:
                response = await self._http.get(path, params=asked)
            except httpx.HTTPError as error:
                raise ApiUnreachable(f"{self._http.base_url}{path}", f"{type(error).__name__} {error}") from error
            if response.is_success:
                return response
            wait = _retry_seconds(response)
            if wait is None or clock() + wait > deadline:
                raise _problem(response, told_to_wait=wait is not None)
            await asyncio.sleep(wait)


def _text(value: Parameter) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.isoformat() if isinstance(value, date) else str(value)


def _retry_seconds(response: httpx.Response) -> float | None:
    """How long to wait before asking again; None: asking again would change nothing."""
    if response.status_code not in _RETRIED:
        return None
    said = response.headers.get("Retry-After")
    if said is None:
        return _RETRY_SECONDS if response.status_code == HTTPStatus.GATEWAY_TIMEOUT else None
    try:
        return max(0.0, float(said))
    except ValueError:
        return _seconds_until(said)


def _seconds_until(said: str) -> float:
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except ValueError:
        return _RETRY_SECONDS


def _problem(response: httpx.Response, *, told_to_wait: bool) -> ApiProblem:
    try:
        document = response.json()
    except ValueError:
        document = None
    if not isinstance(document, dict):
        document = {"title": response.reason_phrase, "detail": response.text[:200]}
    document.setdefault("status", response.status_code)
    kind = NotYet if told_to_wait else _BY_STATUS.get(response.status_code, ApiProblem)
    return kind(str(response.url), document)
