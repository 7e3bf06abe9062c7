"""Signing in through the issuer, and being signed out by it."""

from typing import Final

import structlog
from fastapi import APIRouter, Request, Response

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.openid.errors import GrantRefused, IssuerAway, TokenRefused
from tiendo_runtime.openid.flow import FLOW_SECONDS, Flow
from tiendo_runtime.openid.issued_sessions import IssuedSessions
from tiendo_runtime.openid.people_by_issuer import Granted, PeopleByIssuer
from tiendo_runtime.web.form_fields import form_fields
from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.public_address import is_secure, public_origin
from tiendo_runtime.web.sign_in.going_on import going_on
from tiendo_runtime.web.sign_in.local_paths import local_path
from tiendo_runtime.web.sign_in.noted_sign_ins import note_sign_in
from tiendo_runtime.web.sign_in.session_cookies import cookie_name, set_session_cookie
from tiendo_runtime.web.sign_in.sign_in_form import ISSUER_PATH, NOT_KEPT

CALLBACK_PATH: Final = "/sign-in/callback"
"""Where the issuer sends the browser back to."""

BACK_CHANNEL_PATH: Final = "/sign-out/back-channel"
"""Where the issuer says that somebody has signed out."""

RETRY_SECONDS: Final = 10
_FLOW_COOKIE: Final = "tiendo_sign_in"
_BODY_MAX: Final = 64 * 1024

_journal = structlog.get_logger("tiendo.sessions")

router: Final = APIRouter(include_in_schema=False)


@router.get(ISSUER_PATH)
async def to_issuer(request: Request) -> Response:
    """Lead the browser to the issuer, and let it remember the sign-in that it has begun."""
    people = _people(request)
    flow = Flow.begin(local_path(request.query_params.get("next")))
    try:
        address = await people.sign_in_address(flow, _callback(request))
    except IssuerAway as error:
        raise _away(error) from None
    response = Response(status_code=303, headers={**NOT_KEPT, "Location": address})
    _set_flow_cookie(request, response, flow.text(), seconds=FLOW_SECONDS)
    return response


@router.get(CALLBACK_PATH)
async def from_issuer(request: Request) -> Response:
    """Begin the session of who has signed in at the issuer.

    The answer is a page that goes on by itself: a browser that comes from another site would not send the session's cookie along a redirect.
    """
    flow = Flow.read(request.cookies.get(cookie_name(request, _FLOW_COOKIE)))
    granted = await _granted(request, _people(request), flow)
    cookie = await _sessions(request).begin(granted)
    note_sign_in(request, granted.person)
    response = going_on(request, local_path(flow.following if flow else None) or "/")
    set_session_cookie(request, response, cookie)
    _set_flow_cookie(request, response, "", seconds=0)
    return response


@router.post(BACK_CHANNEL_PATH)
async def back_channel(request: Request) -> Response:
    """End what the issuer's logout token names (OpenID Connect Back-Channel Logout 1.0); a token counts once."""
    people = _people(request)
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > _BODY_MAX:
            raise Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": _BODY_MAX})
    token = form_fields(body, 20).get("logout_token", "")
    try:
        taken = await _sessions(request).log_out(await people.logout(token))
    except TokenRefused:
        taken = False
    except IssuerAway as error:
        raise _away(error) from None
    if not taken:
        raise Refusal(ProblemKind.LOGOUT_TOKEN_INVALID, headers=NOT_KEPT)
    return Response(status_code=200, headers=NOT_KEPT)


async def _granted(request: Request, people: PeopleByIssuer, flow: Flow | None) -> Granted:
    asked = request.query_params
    code = asked.get("code")
    if flow is None or code is None or not flow.answers(asked.get("state")):
        raise _failed()
    if asked.get("iss", people.issuer.url) != people.issuer.url:
        raise _failed()
    try:
        return await people.signed_in(flow, code, _callback(request))
    except IssuerAway as error:
        raise _away(error) from None
    except (GrantRefused, TokenRefused) as error:
        _journal.info("a sign-in through the issuer failed", reason=str(error))
        raise _failed() from None


def _people(request: Request) -> PeopleByIssuer:
    people = running_of(request).people
    if people is None:
        raise Refusal(ProblemKind.NOT_FOUND)
    return people


def _sessions(request: Request) -> IssuedSessions:
    return running_of(request).issued_sessions


def _callback(request: Request) -> str:
    return public_origin(request) + CALLBACK_PATH


def _set_flow_cookie(request: Request, response: Response, text: str, *, seconds: int) -> None:
    name, secure = cookie_name(request, _FLOW_COOKIE), is_secure(request)
    response.set_cookie(name, text, max_age=seconds, httponly=True, samesite="lax", secure=secure, path="/")


def _away(error: IssuerAway) -> Refusal:
    _journal.warning("the issuer did not answer, and nobody could sign in", reason=str(error))
    return Refusal(ProblemKind.ISSUER_AWAY, headers={**NOT_KEPT, "Retry-After": str(RETRY_SECONDS)})


def _failed() -> Refusal:
    return Refusal(ProblemKind.SIGN_IN_FAILED, headers=NOT_KEPT)
