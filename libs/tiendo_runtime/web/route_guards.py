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
    "/healthz": "for whoever watches the service",
    "/readyz": "for whoever watches the service",
    "/metrics": "for whoever watches the service; a proxy keeps it to them",
    "/problems": "what an answer refers to",
    "/problems/": "what an answer refers to",
    "/problems/{kind}": "what an answer refers to",
    "/static/tiendo.css": "the same for all pages",
    "/static/tiendo.svg": "the same for all pages",
    "/static/draft.js": "the same for all pages",
    "/static/live.js": "the same for all pages",
    "/language": "what pages are shown in; a cookie of the browser's own",
    "/sign-in": _SIGNING_IN,
    "/sign-in/link/{text}": _SIGNING_IN,
    "/sign-in/openid": _SIGNING_IN,
    "/sign-in/callback": _SIGNING_IN,
    "/sign-out": "ends what the cookie says",
    "/sign-out/back-channel": "the issuer signs what it says",
    "/cong-khai": _PUBLISHED,
    "/cong-khai/{number}": _PUBLISHED,
    "/cong-khai/{number}/{version}": _PUBLISHED,
    "/v1/log/checkpoint": _PROOFS,
    "/v1/log/proofs/inclusion": _PROOFS,
    "/v1/log/proofs/consistency": _PROOFS,
    "/v1/sources/national": _BY_ITSELF,
    "/v1/sources/national/login": _BY_ITSELF,
    "/v1/sources/national/{service}": _BY_ITSELF,
}
"""The addresses without a guard, and why."""

CALLER: Final = "caller"
"""Where the state of a request keeps whom its guard let in."""

_Parameters = ParamSpec("_Parameters")
_Answer = TypeVar("_Answer", bound=Caller | None)
_guards: WeakSet[Callable[..., Any]] = WeakSet()


class RouteUnguarded(RuntimeError):  # noqa: N818 - what somebody who adds an address has to mend
    """An address of the application could be asked by anybody."""

    def __init__(self, path: str) -> None:
        super().__init__(
            f"nobody decides who may ask {path}: let its route depend on `requires(…)`, or say in `web/route_guards.py` why it is open to all"
        )
        self.path = path


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
    for path, dependant in addresses_of(app):
        if path not in open_to_all and (dependant is None or not _is_guarded(dependant)):
            raise RouteUnguarded(path)


def addresses_of(app: FastAPI) -> Iterator[tuple[str, Dependant | None]]:
    """The path of every route of the application, and what answering it depends on; None where the framework asks nobody before it."""
    for route in iter_route_contexts(app.routes):
        yield route.path or repr(route), getattr(route, "dependant", None)


def _is_guarded(dependant: Dependant) -> bool:
    return dependant.call in _guards or any(map(_is_guarded, dependant.dependencies))
