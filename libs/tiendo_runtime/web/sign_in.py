"""Signing in with a key: by the link that `tiendo up` prints, or by a form. The session's cookie is not readable by scripts."""

from html import escape
from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from tiendo_contracts.problem_kinds import Words
from tiendo_contracts.problems import Language
from tiendo_runtime.authentication import Scope
from tiendo_runtime.authentication.sessions import COOKIE, SESSION_SECONDS, new_session
from tiendo_runtime.web.language import language_of
from tiendo_runtime.web.local_paths import local_path
from tiendo_runtime.web.pages import page
from tiendo_runtime.web.parts import running_of

PATH: Final = "/sign-in"
"""Where the sign-in link points; the key stands in `key=`."""

_BODY_MAX: Final = 8192
_OK: Final = 200
_NOT_KEPT: Final = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

router: Final = APIRouter(include_in_schema=False)


@router.get(PATH)
async def sign_in_by_link(request: Request, key: str | None = None) -> Response:
    """Begin a session and go back to where the browser was (`next`); without a key the form."""
    if key is None:
        return _form(request, request.query_params.get("next"), status=_OK)
    return await _begin_session(request, key, request.query_params.get("next"))


@router.post(PATH)
async def sign_in_by_form(request: Request) -> Response:
    """Begin a session with the key of the form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            return _form(request, None, status=413)
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=5)
    following = fields.get("next", [None])[0]
    return await _begin_session(request, fields.get("key", [""])[0].strip(), following)


@router.post("/sign-out")
async def sign_out() -> Response:
    """End the session of this browser."""
    response = RedirectResponse("/", status_code=303, headers=_NOT_KEPT)
    response.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")
    return response


async def _begin_session(request: Request, secret: str, following: str | None) -> Response:
    store = running_of(request).keys
    key = await store.authenticate(secret)
    session = await new_session(store, key) if key is not None and Scope.READ in key.scopes else None
    if session is None:
        return _form(request, following, status=401)
    response = Response(status_code=303, headers={**_NOT_KEPT, "Location": local_path(following) or "/"})
    secure = request.url.scheme == "https"
    response.set_cookie(
        COOKIE, session, max_age=SESSION_SECONDS, httponly=True, samesite="strict", secure=secure, path="/"
    )
    return response


_TITLE: Final = Words(en="Sign in", vi="Đăng nhập")
_LABEL: Final = Words(en="Access key", vi="Mã truy cập")
_HINT: Final = Words(
    en="The key with the right to read that the operator gave you, or that was printed at the start.",
    vi="Mã có quyền xem do đơn vị vận hành cấp, hoặc được in ra khi khởi động hệ thống.",
)
_REFUSED: Final = Words(
    en="The key is not known, was revoked, or does not allow reading.",
    vi="Mã truy cập không đúng, đã bị thu hồi hoặc không có quyền xem.",
)
_HOME: Final = Words(en="To the first page", vi="Về trang tổng hợp")


def _form(request: Request, following: str | None, *, status: int) -> HTMLResponse:
    language = language_of(request, Language.VIETNAMESE)
    back = local_path(following)
    word = "" if status == _OK else f"<p role=alert><strong>{_REFUSED.spoken(language)}</strong></p>"
    hidden = "" if back is None else f'<input type="hidden" name="next" value="{escape(back)}">'
    form = (
        f'{word}<form method="post" action="{PATH}">{hidden}<label>{_LABEL.spoken(language)} '
        f'<input name="key" type="password" autocomplete="off" required></label> '
        f"<button>{_TITLE.spoken(language)}</button></form>"
        f'<p>{_HINT.spoken(language)}</p><p><a href="/">{_HOME.spoken(language)}</a></p>'
    )
    answer = page(_TITLE.spoken(language), form, language, status=status)
    answer.headers.update(_NOT_KEPT)
    return answer
