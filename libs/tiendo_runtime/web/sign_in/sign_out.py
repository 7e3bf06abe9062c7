"""Signing out: the session ends in the database, so everywhere, and every other of the same person."""

from typing import Final

from fastapi import APIRouter, Request, Response

from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.public_address import public_origin
from tiendo_runtime.web.sign_in.going_on import going_on
from tiendo_runtime.web.sign_in.noted_sign_ins import note_sign_out
from tiendo_runtime.web.sign_in.session_cookies import forget_session_cookie, session_cookie
from tiendo_runtime.web.sign_in.sign_in_form import NOT_KEPT

router: Final = APIRouter(include_in_schema=False)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the sessions of who is signed in here, and lead on to the issuer, so that they end there too."""
    sessions = running_of(request).issued_sessions
    session = await sessions.find(session_cookie(request))
    elsewhere = None if session is None else await sessions.sign_out(session, f"{public_origin(request)}/")
    if session is not None:
        note_sign_out(request, session.caller)
    # A browser follows no redirect of a form to another host: the policy of our pages forbids it.
    at_home = Response(status_code=303, headers={**NOT_KEPT, "Location": "/"})
    response = at_home if elsewhere is None else going_on(request, elsewhere)
    forget_session_cookie(request, response)
    # Drafts of forms, which the browser has kept for who was signed in.
    response.headers["Clear-Site-Data"] = '"storage"'
    return response
