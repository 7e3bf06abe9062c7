"""Which pages are shown to somebody who has not signed in (TIENDO_PUBLIC_PAGES), and whether the description of the interface is."""

from typing import Final

from fastapi import Request
from fastapi.security.utils import get_authorization_scheme_param

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.authentication import Caller
from tiendo_runtime.authentication.people import Role, SignedInPerson
from tiendo_runtime.settings import PublicPages
from tiendo_runtime.web.access import current_session
from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.route_guards import guard
from tiendo_runtime.web.sign_in.session_cookies import session_cookie

_ADMINISTERING: Final = frozenset({Role.OPERATOR, Role.AUDITOR})


class SignInNeeded(Exception):  # noqa: N818 - where a browser is led
    """The page is for people who have signed in."""


@guard
async def visitor_of_a_case(request: Request) -> Caller | None:
    """Who looks at a single case, named by its whole code; None for anybody, unless all pages are closed. Raises SignInNeeded."""
    return await _visitor(request, PublicPages.ON, PublicPages.CASES)


@guard
async def visitor_of_news(request: Request) -> Caller | None:
    """Whose page asks by itself whether there is news: that is no use of the session.

    Raises `Refusal` (401) where pages are for who has signed in.
    """
    return await standing_visitor(request)


async def standing_visitor(request: Request) -> Caller | None:
    """The same, for who goes on telling."""
    running = running_of(request)
    session = await running.issued_sessions.standing(session_cookie(request))
    if session is None and running.settings.shown_pages is not PublicPages.ON:
        raise Refusal(ProblemKind.UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="tiendo"'})
    return None if session is None else session.caller


@guard
async def visitor_of_one_person(request: Request) -> Caller:
    """Who looks at somebody's figures. Raises SignInNeeded for anybody who has not signed in."""
    visitor = await _visitor(request)
    if visitor is None:
        raise SignInNeeded
    return visitor


@guard
async def visitor_of_administration(request: Request) -> Caller:
    """Who looks at keys and the rules: the roles operator and auditor. Raises SignInNeeded, or `Refusal` for other roles."""
    visitor = await _visitor(request)
    if visitor is None:
        raise SignInNeeded
    if isinstance(visitor, SignedInPerson) and visitor.sees_something and visitor.roles & _ADMINISTERING:
        return visitor
    raise Refusal(ProblemKind.SCOPE_MISSING, values={"scope": " / ".join(sorted(_ADMINISTERING))})


@guard
async def reader_of_descriptions(request: Request) -> Caller | None:
    """Let pass who may read how the interface is called: anybody, or where all pages are closed a key or somebody signed in; else 401."""
    running = running_of(request)
    if running.settings.shown_pages is not PublicPages.OFF:
        return None
    scheme, secret = get_authorization_scheme_param(request.headers.get("authorization"))
    reader: Caller | None = await running.keys.authenticate(secret) if scheme.lower() == "bearer" else None
    reader = reader or await current_session(request)
    if reader is None:
        raise Refusal(ProblemKind.UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="tiendo"'})
    return reader


async def _visitor(request: Request, *open_at: PublicPages) -> Caller | None:
    session = await current_session(request)
    if session is None and running_of(request).settings.shown_pages not in open_at:
        raise SignInNeeded
    return session
