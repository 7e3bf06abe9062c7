"""A page that goes on by itself, where a redirect would leave a cookie behind or is forbidden to a form."""

from html import escape
from typing import Final

from fastapi import Request, Response

from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_runtime.web.language import language_of
from tiendo_runtime.web.pages import page
from tiendo_runtime.web.sign_in.sign_in_form import NOT_KEPT

_TITLE: Final = Words(en="Going on", vi="Đang chuyển tiếp")
_LINK: Final = Words(en="Go on", vi="Tiếp tục")


def going_on(request: Request, address: str) -> Response:
    """The page, which leads to the address at once; with a link for browsers that do not."""
    language = language_of(request, Language.VIETNAMESE)
    shown = escape(address)
    body = f'<meta http-equiv="refresh" content="0;url={shown}"><p><a href="{shown}">{_LINK.spoken(language)}</a></p>'
    answer = page(_TITLE.spoken(language), body, language)
    answer.headers.update(NOT_KEPT)
    return answer
