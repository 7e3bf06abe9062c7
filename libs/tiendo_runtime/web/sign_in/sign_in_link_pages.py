"""Sign-in links: a page with a name and a button, which alone uses the link up. A programme that looks at links in mails changes nothing."""

from html import escape
from typing import Final

from fastapi import APIRouter, Request, Response

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.authentication.sign_in_links import SignInLinks
from tiendo_runtime.authentication.sign_in_paths import LINK_PATH
from tiendo_runtime.web.language import language_of_page
from tiendo_runtime.web.pages import page
from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.sign_in.sign_in_form import NOT_KEPT, session_begun

"""What a link's text stands behind."""

_TITLE: Final = Words(en="Sign in", vi="Đăng nhập")
_AS: Final = Words(en="You will be signed in as {name}.", vi="Bạn sẽ đăng nhập với tên {name}.")
_ONCE: Final = Words(en="This link works once.", vi="Liên kết này chỉ dùng được một lần.")

router: Final = APIRouter(include_in_schema=False)


@router.get(LINK_PATH + "{text}")
async def link_page(request: Request, text: str) -> Response:
    """Whom the link signs in, and the button; asking for it changes nothing."""
    person = _known(await _links(request).look(text))
    language = language_of_page(request, accepted=True)
    name = f"<strong>{escape(person.name)}</strong>"
    body = (
        f"<p>{_AS.spoken(language).format(name=name)}</p>"
        f'<form method="post"><button>{_TITLE.spoken(language)}</button></form><p>{_ONCE.spoken(language)}</p>'
    )
    answer = page(_TITLE.spoken(language), body, language)
    answer.headers.update(NOT_KEPT)
    return answer


@router.post(LINK_PATH + "{text}")
async def use_link(request: Request, text: str) -> Response:
    """Use the link up, and begin its session."""
    return await session_begun(request, _known(await _links(request).use(text)), None)


def _links(request: Request) -> SignInLinks:
    """The links, which count where people have no issuer; raises `Refusal`."""
    running = running_of(request)
    if running.settings.oidc_issuer is not None:
        raise _spent()
    return running.links


def _known(person: SignedInPerson | None) -> SignedInPerson:
    """The person of a valid link; raises `Refusal`."""
    if person is None:
        raise _spent()
    return person


def _spent() -> Refusal:
    return Refusal(ProblemKind.SIGN_IN_LINK_SPENT, headers=NOT_KEPT)
