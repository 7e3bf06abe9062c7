"""Who may call an address: a key with a scope, or for reading a signed-in session."""

from collections.abc import Awaitable, Callable
from typing import Annotated, TypeGuard, TypeVar

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.authentication import Caller, Key, Scope
from tiendo_runtime.authentication.people import Role, SignedInPerson
from tiendo_runtime.openid.errors import IssuerAway, TokenRefused
from tiendo_runtime.openid.issuer import AWAY_SECONDS
from tiendo_runtime.openid.tokens import is_token
from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.route_guards import guard
from tiendo_runtime.web.sign_in.session_cookies import COOKIE, session_cookie

_Caller = TypeVar("_Caller", bound=Caller)
_bearer = HTTPBearer(auto_error=False, scheme_name="key", description="a key made by `tiendo keys create`")
_cookie = APIKeyCookie(name=COOKIE, auto_error=False, scheme_name="session", description="set by signing in")


async def current_session(request: Request) -> Caller | None:
    """Who is signed in with the browser; None when nobody is."""
    session = await running_of(request).issued_sessions.find(session_cookie(request))
    return None if session is None else session.caller


def requires(*scopes: Scope) -> Callable[..., Awaitable[Caller]]:
    """A dependency that answers the caller, who has one of `scopes`; else 401 or 403, before the body is looked at.

    A session counts where reading is enough.
    """
    if Scope.READ in scopes:

        @guard
        async def by_key_or_session(
            request: Request,
            bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
            _session: Annotated[str | None, Depends(_cookie)],
        ) -> Caller:
            return _allowed(await _caller_of(request, bearer), scopes)

        return by_key_or_session
    return requires_key(*scopes)


def requires_key(*scopes: Scope) -> Callable[..., Awaitable[Key]]:
    """A dependency that answers the caller's key, which has one of `scopes`; else 401 or 403, before the body is looked at."""

    @guard
    async def by_key(request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]) -> Key:
        caller = _allowed(await _bearer_of(request, bearer), scopes)
        if not isinstance(caller, Key):
            raise _missing(scopes)
        return caller

    return by_key


def requires_sender(*scopes: Scope) -> Callable[..., Awaitable[Key | SignedInPerson]]:
    """A dependency that answers who sends and has one of `scopes`: a key in the header, or whoever is signed in with the browser.

    An access token only reads, and a session that was begun with a key does too.
    """

    @guard
    async def by_key_or_person(
        request: Request,
        bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
        _session: Annotated[str | None, Depends(_cookie)],
    ) -> Key | SignedInPerson:
        is_bearer = "authorization" in request.headers
        caller = _allowed(await (_bearer_of(request, bearer) if is_bearer else current_session(request)), scopes)
        if not isinstance(caller, Key if is_bearer else SignedInPerson):
            raise _missing(scopes)
        assert isinstance(caller, Key | SignedInPerson)  # noqa: S101 - as was just asked
        return caller

    return by_key_or_person


def reads_the_access_log(caller: Caller | None) -> TypeGuard[SignedInPerson]:
    """Whether it is somebody whose role lets them read who looked at what: an auditor."""
    return isinstance(caller, SignedInPerson) and Role.AUDITOR in caller.roles and caller.sees_something


@guard
async def requires_auditor(
    request: Request,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
    _session: Annotated[str | None, Depends(_cookie)],
) -> Caller:
    """The caller, who may read who looked at what: a key with the scope admin, or somebody with the role auditor; else 401 or 403."""
    caller = await _caller_of(request, bearer)
    if reads_the_access_log(caller):
        return caller
    return _allowed(caller, (Scope.ADMIN,))


async def _caller_of(request: Request, bearer: HTTPAuthorizationCredentials | None) -> Caller | None:
    """Whose key or access token it is; without any, who is signed in with the browser. Raises `Refusal`."""
    if "authorization" not in request.headers:
        return await current_session(request)
    return await _bearer_of(request, bearer)


async def _bearer_of(request: Request, bearer: HTTPAuthorizationCredentials | None) -> Key | SignedInPerson | None:
    """Whose key it is, or whose access token, which is for reading alone; None where it is neither. Raises `Refusal`."""
    if bearer is None:
        return None
    running = running_of(request)
    if running.people is None or not is_token(bearer.credentials):
        return await running.keys.authenticate(bearer.credentials)
    try:
        return await running.people.person_of_token(bearer.credentials)
    except TokenRefused:
        return None
    except IssuerAway:
        raise Refusal(ProblemKind.ISSUER_AWAY, headers={"Retry-After": f"{AWAY_SECONDS:.0f}"}) from None


def _allowed(caller: _Caller | None, scopes: tuple[Scope, ...]) -> _Caller:
    if caller is None:
        raise Refusal(ProblemKind.UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="tiendo"'})
    if not caller.scopes & set(scopes):
        raise _missing(scopes)
    return caller


def _missing(scopes: tuple[Scope, ...]) -> Refusal:
    names = " or ".join(scope.value for scope in scopes)
    challenge = f'Bearer realm="tiendo", error="insufficient_scope", scope="{scopes[0].value}"'
    return Refusal(ProblemKind.SCOPE_MISSING, values={"scope": names}, headers={"WWW-Authenticate": challenge})
