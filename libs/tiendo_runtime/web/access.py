"""Who may call an address: a key with a scope, or for reading a signed-in session."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.authentication import Caller, Key, Scope
from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.session_cookies import COOKIE, session_cookie

_Caller = TypeVar("_Caller", bound=Caller)
_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="a key made by `tiendo keys create`")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session", description="set by signing in")


async def current_session(request: Request) -> Caller | None:
    """Who is signed in with the browser; None when nobody is."""
    session = await running_of(request).sessions.find(session_cookie(request))
    return None if session is None else session.caller


def requires(*scopes: Scope) -> Callable[..., Awaitable[Caller]]:
    """A dependency that answers the caller, who has one of `scopes`; else 401 or 403, before the body is looked at.

    A session counts where reading is enough.
    """
    if Scope.READ in scopes:

        async def by_key_or_session(
            request: Request,
            bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
            _session: Annotated[str | None, Depends(_cookie)],
        ) -> Caller:
            caller: Caller | None = await _key_of(request, bearer)
            if caller is None and "authorization" not in request.headers:
                caller = await current_session(request)
            return _allowed(caller, scopes)

        return by_key_or_session
    return requires_key(*scopes)


def requires_key(*scopes: Scope) -> Callable[..., Awaitable[Key]]:
    """A dependency that answers the caller's key, which has one of `scopes`; else 401 or 403, before the body is looked at."""

    async def by_key(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Key:
        return _allowed(await _key_of(request, bearer), scopes)

    return by_key


async def _key_of(request: Request, bearer: HTTPAuthorizationCredentials | None) -> Key | None:
    return None if bearer is None else await running_of(request).keys.authenticate(bearer.credentials)


def _allowed(caller: _Caller | None, scopes: tuple[Scope, ...]) -> _Caller:
    if caller is None:
        raise Refusal(ProblemKind.UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="tiendo"'})
    if not caller.scopes & set(scopes):
        names = " or ".join(scope.value for scope in scopes)
        challenge = f'Bearer realm="tiendo", error="insufficient_scope", scope="{scopes[0].value}"'
        raise Refusal(ProblemKind.SCOPE_MISSING, values={"scope": names}, headers={"WWW-Authenticate": challenge})
    return caller
