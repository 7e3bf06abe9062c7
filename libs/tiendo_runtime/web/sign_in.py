"""Signing in with a key: by the link that `tiendo up` prints, or by a form. The session's cookie is not readable by scripts."""

from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from tiendo_contracts.problems import Language
from tiendo_runtime.authentication import Scope
from tiendo_runtime.authentication.sessions import COOKIE, SESSION_SECONDS, new_session
from tiendo_runtime.web.language import language_of
from tiendo_runtime.web.pages import page
from tiendo_runtime.web.parts import running_of

PATH: Final = "/sign-in"
"""Where the sign-in link points; the key stands in `key=`."""

_BODY_MAX: Final = 4096
_OK: Final = 200
_NOT_KEPT: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

router: Final = APIRouter(include_in_schema=False)


@router.get(PATH)
async def sign_in_by_link(request: Request, key: str | None = None) -> Response:
    """Begin a session and go to the first page; without a key the form."""
    if key is None:
        return _form(request, status=_OK)
    return await _begin_session(request, key)


@router.post(PATH)
async def sign_in_by_form(request: Request) -> Response:
    """Begin a session with the key of the form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            return _form(request, status=413)
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=5)
    return await _begin_session(request, fields.get("key", [""])[0].strip())


@router.post("/sign-out")
async def sign_out() -> Response:
    """End the session of this browser."""
    response = RedirectResponse("/", status_code=303, headers=_NOT_KEPT)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")
    return response


async def _begin_session(request: Request, secret: str) -> Response:
    store = running_of(request).keys
    key = await store.authenticate(secret)
    session = await new_session(store, key) if key is not None and Scope.READ in key.scopes else None
    if session is None:
        return _form(request, status=401)
    response = RedirectResponse("/", status_code=303, headers=_NOT_KEPT)
    secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE, session, max_age=SESSION_SECONDS, httponly=True, samesite="strict", secure=secure, path="/"
    )
    return response


def _form(request: Request, *, status: int) -> HTMLResponse:
    language = language_of(request, Language.VIETNAMESE)
    vietnamese = language is Language.VIETNAMESE
    title, label, button, refused = (
        ("Đăng nhập", "Khóa đọc", "Đăng nhập", "Khóa không đúng, đã bị thu hồi hoặc không có quyền đọc.")
        if vietnamese
        else ("Sign in", "Read key", "Sign in", "The key is not known, was revoked, or does not allow reading.")
    )
    word = "" if status == _OK else f"<p role=alert><strong>{refused}</strong></p>"
    form = (
        f'{word}<form method="post" action="{PATH}"><label>{label} '
        f'<input name="key" type="password" autocomplete="off" required></label> <button>{button}</button></form>'
    )
    answer = page(title, form, language, status=status)
    answer.headers.update(_NOT_KEPT)
    return answer
