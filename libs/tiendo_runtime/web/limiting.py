"""The limits of an address and of bodies, held before anything else looks at a request; those of a key where it is let in (`route_guards`)."""

from collections.abc import Mapping
from contextlib import nullcontext
from ipaddress import ip_address
from typing import Any, Final

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_runtime.web.problem_answers import problem_answer
from tiendo_runtime.web.request_limits import RequestLimits
from tiendo_runtime.web.route_guards import CALLER

_UNLIMITED: Final = frozenset({"/healthz", "/readyz", "/metrics"})
_STREAMS: Final = "/live"
"""What is answered for minutes, bounds its number itself, and takes none of the places of short requests."""
_FORWARDED: Final = b"x-forwarded-for"


class Limiting:
    """A layer of a service within the one that observes. `behind_proxy`: a proxy on this machine names the address that it answers."""

    def __init__(self, app: ASGIApp, limits: RequestLimits, *, behind_proxy: bool) -> None:
        self._app = app
        self._limits = limits
        self._behind_proxy = behind_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it (429)."""
        if scope["type"] != "http" or scope["path"] in _UNLIMITED:
            await self._app(scope, receive, send)
            return
        address = f"address:{address_of(scope, behind_proxy=self._behind_proxy)}"

        async def counted() -> Message:
            message = await receive()
            caller = scope.get("state", {}).get(CALLER)
            await self._limits.bytes_of(address if caller is None else caller.entered_by, len(message.get("body", b"")))
            return message

        try:
            await self._limits.request_of(address)
            with nullcontext() if scope["path"] == _STREAMS else self._limits.at_once(address):
                await self._app(scope, counted, send)
        except Refusal as refusal:
            response = await problem_answer(Request(scope), refusal)
            await response(scope, receive, send)


def address_of(scope: Mapping[str, Any], *, behind_proxy: bool) -> str:
    """Whom the service answers: the peer, or where that is a proxy on this machine, whom it names last."""
    peer = str((scope.get("client") or ("",))[0])
    if not behind_proxy or not _is_loopback(peer):
        return peer
    named = [value for name, value in scope["headers"] if name == _FORWARDED]
    return named[-1].decode("latin-1").rpartition(",")[2].strip() if named else peer


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False
