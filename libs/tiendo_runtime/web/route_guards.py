"""No address answers before somebody has decided who may ask: an application with one that has no guard, and is not open to all, is not made."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar
from weakref import WeakSet

from fastapi import FastAPI, Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from tiendo_runtime.authentication import Caller

_BY_ITSELF: Final = "a sender's session may stand in the body, and the answer has the form of that system"
_PROOFS: Final = "whoever holds a checkpoint may ask whether it still holds; no event is shown"
_PUBLISHED: Final = "what a unit has published is for everybody; it names no case and no id"
_SIGNING_IN: Final = "who signs in has not signed in"

OPEN_TO_ALL: Final[Mapping[str, str]] = {
    "GET /healthz": "for whoever watches the service",
    "GET /readyz": "for whoever watches the service",
    "GET /metrics": "for whoever watches the service; a proxy keeps it to them",
    "GET /problems": "what an answer refers to",
    "GET /problems/": "what an answer refers to",
    "GET /problems/{kind}": "what an answer refers to",
    "GET /static/tiendo.css": "the same for all pages",
    "GET /static/tiendo.svg": "the same for all pages",
    "GET /static/draft.js": "the same for all pages",
    "GET /static/live.js": "the same for all pages",
    "POST /language": "what pages are shown in; a cookie of the browser's own",
    "GET /sign-in": _SIGNING_IN,
    "POST /sign-in": _SIGNING_IN,
    "GET /sign-in/link/{text}": _SIGNING_IN,
    "POST /sign-in/link/{text}": _SIGNING_IN,
    "GET /sign-in/openid": _SIGNING_IN,
    "GET /sign-in/callback": _SIGNING_IN,
    "POST /sign-out": "ends what the cookie says",
    "POST /sign-out/back-channel": "the issuer signs what it says",
    "GET /cong-khai": _PUBLISHED,
    "GET /cong-khai/{number}": _PUBLISHED,
    "GET /cong-khai/{number}/{version}": _PUBLISHED,
    "GET /v1/log/checkpoint": _PROOFS,
    "GET /v1/log/proofs/inclusion": _PROOFS,
    "GET /v1/log/proofs/consistency": _PROOFS,
    "POST /v1/sources/national": _BY_ITSELF,
    "POST /v1/sources/national/login": _BY_ITSELF,
    "POST /v1/sources/national/{service}": _BY_ITSELF,
}
"""What may be asked without a guard, each with its method, and why: a POST on an address that is read by all is not open with it."""

CALLER: Final = "caller"
"""Where the state of a request keeps whom its guard let in."""

_Parameters = ParamSpec("_Parameters")
_Answer = TypeVar("_Answer", bound=Caller | None)
_guards: WeakSet[Callable[..., Any]] = WeakSet()


class RouteUnguarded(RuntimeError):  # noqa: N818 - what somebody who adds an address has to mend
    """An address of the application could be asked by anybody."""

    def __init__(self, address: str) -> None:
        super().__init__(
            f"nobody decides who may ask {address}: let its route depend on `requires(…)`, or say in `web/route_guards.py` why it is open to all"
        )
        self.address = address


def guard(dependency: Callable[_Parameters, Awaitable[_Answer]]) -> Callable[_Parameters, Awaitable[_Answer]]:
    """The same dependency, known to decide who may ask; whom it lets in is kept with the request, for the access log."""

    @wraps(dependency)
    async def guarding(*arguments: _Parameters.args, **named: _Parameters.kwargs) -> _Answer:
        caller = await dependency(*arguments, **named)
        request = named.get("request")
        assert isinstance(request, Request)  # noqa: S101 - every guard asks for the request by this name
        setattr(request.state, CALLER, caller)
        if caller is not None:
            await request.app.state.running.limits.request_of(caller.entered_by)
        return caller

    _guards.add(guarding)
    return guarding


def refuse_unguarded(app: FastAPI, open_to_all: Mapping[str, str]) -> None:
    """Return for an application each of whose addresses has a guard or is open to all. Raises RouteUnguarded."""
    for address, dependant in addresses_of(app):
        if address not in open_to_all and (dependant is None or not _is_guarded(dependant)):
            raise RouteUnguarded(address)


def addresses_of(app: FastAPI) -> Iterator[tuple[str, Dependant | None]]:
    """Every address of the application with its method (`GET /v1/cases`; HEAD is as GET), and what answering it depends on.

    None where the framework asks nobody before it; without a method what takes any, such as another application below a path.
    """
    for route in iter_route_contexts(app.routes):
        path = route.path or repr(route)
        names = {f"{'GET' if method == 'HEAD' else method} {path}" for method in route.methods or ()}
        for name in sorted(names or {path}):
            yield name, getattr(route, "dependant", None)


def _is_guarded(dependant: Dependant) -> bool:
    return dependant.call in _guards or any(map(_is_guarded, dependant.dependencies))
