"""The cookie of a session: no script reads it, no other site's page has it sent, and over TLS no other host can set it."""

from typing import Final

from fastapi import Request, Response

from tiendo_runtime.web.public_address import is_secure

COOKIE: Final = "tiendo_session"
"""Its name; over TLS the prefix `__Host-` stands before it."""


def cookie_name(request: Request, name: str = COOKIE) -> str:
    """The cookie's name as the browser has it."""
    return f"__Host-{name}" if is_secure(request) else name


def session_cookie(request: Request) -> str | None:
    """What the browser's cookie holds; None without one."""
    return request.cookies.get(cookie_name(request))


def set_session_cookie(request: Request, response: Response, value: str) -> None:
    """Let the browser keep the session until it is closed; the server ends it before that."""
    secure = is_secure(request)
    response.set_cookie(cookie_name(request), value, httponly=True, samesite="strict", secure=secure, path="/")


def forget_session_cookie(request: Request, response: Response) -> None:
    """Let the browser forget the session."""
    secure = is_secure(request)
    response.delete_cookie(cookie_name(request), httponly=True, samesite="strict", secure=secure, path="/")
