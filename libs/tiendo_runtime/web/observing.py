"""What is seen of every request: an id, metrics, an entry in the journal, and an answer even when the code fails; none but static ones is cached."""

import asyncio
import logging
import re
import time
from collections.abc import MutableMapping
from typing import Any, Final
from uuid import uuid4

import structlog
from fastapi import Request
from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_runtime.web.problem_answers import STOPPING, answered_kind, problem_answer, refusal_of

_GIVEN_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS: Final = ((b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"))
_MAY_BE_KEPT: Final = ("/static/", "/problems")
_PUBLISHED: Final = "/cong-khai/"
_NEVER_KEPT: Final = b"no-store"
_ASKED_AGAIN: Final = b"no-cache"
_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED: Final = 400
_FAILED: Final = 500
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)

_journal = structlog.get_logger("tiendo.web")


class Observing:
    """Outermost layer of a service. Bodies pass through it untouched."""

    def __init__(self, app: ASGIApp, registry: CollectorRegistry) -> None:
        self._app = app
        self._requests = Counter(
            "tiendo_http_requests", "Requests answered", ["method", "route", "status"], registry=registry
        )
        self._seconds = Histogram(
            "tiendo_http_request_seconds",
            "Time to the end of the answer",
            ["route"],
            registry=registry,
            buckets=_BUCKETS,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = _request_id(scope)
        answer = _Answer(send, request_id, _cache_control(scope["path"]))
        begun = time.perf_counter()
        answered_kind.set(None)
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self._app(scope, receive, answer.send)
            except asyncio.CancelledError:
                # The service stops and waits no longer for this request, whose task ends here.
                if not answer.begun:
                    await _refuse(scope, receive, answer, STOPPING)
            except Exception as error:  # noqa: BLE001 - the outermost place: nothing may reach the caller as a trace
                _journal.error("request failed", path=scope["path"], exc_info=error)
                if not answer.begun:
                    await _refuse(scope, receive, answer, refusal_of(error))
            self._note(scope, answer.status, time.perf_counter() - begun)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unknown")
        method = scope["method"] if scope["method"] in {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"} else "other"
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)
        kind = answered_kind.get()
        _journal.log(
            _level(method, status),
            "request",
            method=method,
            path=scope["path"],
            status=status,
            problem=None if kind is None else kind.value,
            milliseconds=round(seconds * 1000, 1),
        )


def _level(method: str, status: int) -> int:
    """What operators have to see: what we failed at always, refusals of what was sent by default; the rest to whoever asks for it."""
    if status >= _FAILED:
        return logging.WARNING
    return logging.INFO if status >= _REFUSED and method not in _READING else logging.DEBUG


async def _refuse(scope: Scope, receive: Receive, answer: "_Answer", refusal: Refusal) -> None:
    response = await problem_answer(Request(scope), refusal)
    await response(scope, receive, answer.send)


class _Answer:
    """The sending side of one request: notes its status and adds the headers that every answer has."""

    def __init__(self, send: Send, request_id: str, cache_control: bytes | None) -> None:
        self._send = send
        self._cache_control = cache_control
        self._request_id = request_id.encode("ascii")
        self.status = 499  # the caller went away before there was an answer
        self.begun = False

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            self.status = message["status"]
            message["headers"] = _with_headers(message, self._request_id, self._cache_control)
        await self._send(message)


def _with_headers(
    message: MutableMapping[str, Any], request_id: bytes, cache_control: bytes | None
) -> list[tuple[bytes, bytes]]:
    present = list(message.get("headers", ()))
    if cache_control is not None:
        # Names and cases are in nobody's cache, whatever a route says of itself.
        present = [header for header in present if header[0].lower() not in {b"cache-control", b"etag"}]
        present.append((b"cache-control", cache_control))
    names = {name.lower() for name, _ in present}
    added = [header for header in _HEADERS if header[0] not in names]
    return [*present, *added, (b"x-request-id", request_id)]


def _cache_control(path: str) -> bytes | None:
    """What caches are told of any answer at the path; None where the route says it itself."""
    if path.startswith(_MAY_BE_KEPT):
        return None
    return _ASKED_AGAIN if f"{path}/".startswith(_PUBLISHED) else _NEVER_KEPT


def _request_id(scope: Scope) -> str:
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _GIVEN_ID.fullmatch(given := value.decode("latin-1")):
            return str(given)
    return uuid4().hex
