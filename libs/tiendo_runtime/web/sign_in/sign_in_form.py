"""Signing in by a form: with a key, or where people have an issuer, by going to it."""

from html import escape
from typing import Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_runtime.authentication import Key, Scope
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.authentication.sign_in_paths import PATH
from tiendo_runtime.web.form_fields import form_fields
from tiendo_runtime.web.language import language_of_page
from tiendo_runtime.web.pages import page
from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.sign_in.local_paths import local_path
from tiendo_runtime.web.sign_in.noted_sign_ins import note_sign_in
from tiendo_runtime.web.sign_in.session_cookies import set_session_cookie

"""Where one signs in."""

ISSUER_PATH: Final = f"{PATH}/openid"
"""Where one goes on to the issuer."""

NOT_KEPT: Final = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""Headers of every answer about signing in and out."""

_BODY_MAX: Final = 8192
_OK: Final = 200

router: Final = APIRouter(include_in_schema=False)


@router.get(PATH)
async def sign_in_form(request: Request) -> Response:
    """The form; where one was (`next`) is where it leads back to."""
    return _form(request, request.query_params.get("next"), status=_OK)


@router.post(PATH)
async def sign_in_with_key(request: Request) -> Response:
    """Begin a session with the key of the form."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            return _form(request, None, status=413)
    fields = form_fields(body, 5)
    following = fields.get("next")
    key = await running_of(request).keys.authenticate(fields.get("key", "").strip())
    if key is None or Scope.READ not in key.scopes:
        return _form(request, following, status=401)
    return await session_begun(request, key, following)


async def session_begun(request: Request, caller: Key | SignedInPerson, following: str | None) -> Response:
    """The answer that begins a session and leads to where the browser was."""
    cookie = await running_of(request).sessions.begin(caller)
    note_sign_in(request, caller)
    response = Response(status_code=303, headers={**NOT_KEPT, "Location": local_path(following) or "/"})
    set_session_cookie(request, response, cookie)
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
_WITH_ACCOUNT: Final = Words(en="Sign in with your account", vi="Đăng nhập bằng tài khoản của bạn")
_HOME: Final = Words(en="To the first page", vi="Về trang tổng hợp")


def _form(request: Request, following: str | None, *, status: int) -> HTMLResponse:
    language = language_of_page(request, accepted=True)
    back = local_path(following)
    word = "" if status == _OK else f"<p role=alert><strong>{_REFUSED.spoken(language)}</strong></p>"
    hidden = "" if back is None else f'<input type="hidden" name="next" value="{escape(back)}">'
    form = (
        f'{_to_issuer(request, back, language)}{word}<form method="post" action="{PATH}">{hidden}'
        f"<label>{_LABEL.spoken(language)} "
        f'<input name="key" type="password" autocomplete="off" required></label> '
        f"<button>{_TITLE.spoken(language)}</button></form>"
        f'<p>{_HINT.spoken(language)}</p><p><a href="/">{_HOME.spoken(language)}</a></p>'
    )
    answer = page(_TITLE.spoken(language), form, language, status=status)
    answer.headers.update(NOT_KEPT)
    return answer


def _to_issuer(request: Request, back: str | None, language: Language) -> str:
    if running_of(request).settings.oidc_issuer is None:
        return ""
    path = ISSUER_PATH if back is None else f"{ISSUER_PATH}?next={quote(back, safe='')}"
    return f'<p><a href="{escape(path)}">{_WITH_ACCOUNT.spoken(language)}</a></p>'
