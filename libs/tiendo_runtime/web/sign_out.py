"""Signing out: the session ends in the database, so everywhere, and every other of the same person."""

from typing import Final

from fastapi import APIRouter, Depends, Request, Response

from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.public_address import from_own_pages
from tiendo_runtime.web.session_cookies import forget_session_cookie, session_cookie
from tiendo_runtime.web.sign_in_form import NOT_KEPT

router: Final = APIRouter(include_in_schema=False)


@router.post("/sign-out", dependencies=[Depends(from_own_pages)])
async def sign_out(request: Request) -> Response:
    """End the sessions of who is signed in here."""
    sessions = running_of(request).sessions
    session = await sessions.find(session_cookie(request))
    if session is not None:
        await sessions.end(session)
    response = Response(status_code=303, headers={**NOT_KEPT, "Location": "/"})
    forget_session_cookie(request, response)
    return response
