"""The address of one published list, as a page and by suffix as a file."""

import asyncio
import json
from typing import Final

from fastapi import Request, Response

from tiendo_contracts.answers.publications import ListFormat
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_documents.document_files import DocumentFormat, render
from tiendo_domain.monthly_list.numbers import ListNumber
from tiendo_query.pages.page_routes import PageRoute, page_router
from tiendo_query.pages.public_list.view import list_view
from tiendo_query.pages.rendering import Frame, rendered
from tiendo_query.publications.csv_list import public_csv
from tiendo_query.publications.list_callers import everything_of
from tiendo_query.publications.list_documents import public_document
from tiendo_query.publications.list_formats import MEDIA_TYPES, without_suffix
from tiendo_query.publications.public_lists import HEADERS, PublicList, public_list
from tiendo_query.questions.strict_routes import StrictRoute
from tiendo_runtime.web import current_session


class _NumberRoute(PageRoute, StrictRoute):
    """A page whose parts are told apart as they were sent: a unit's code may hold a slash."""


router: Final = page_router()
router.route_class = _NumberRoute


@router.get("/cong-khai/{number}")
async def newest_list(request: Request, number: str) -> Response:
    """The newest version of a list, by its number without the last part; no key, no session."""
    return await _answer(request, number)


@router.get("/cong-khai/{number}/{version}")
async def list_by_number(request: Request, number: str, version: str) -> Response:
    """A version of a list by its number."""
    return await _answer(request, f"{number}/{version}")


async def _answer(request: Request, asked: str) -> Response:
    text, form = without_suffix(asked)
    number = ListNumber.parse(text)
    if number is None:
        raise Refusal(ProblemKind.PUBLICATION_UNKNOWN, headers=HEADERS)
    found = await public_list(everything_of(request), number)
    if form is None:
        return await _page(request, found)
    content = await asyncio.to_thread(_file, found, form)
    return Response(content, media_type=MEDIA_TYPES[form], headers={**HEADERS, **_disposition(found, form)})


async def _page(request: Request, found: PublicList) -> Response:
    frame = Frame(
        caller=await current_session(request),
        simulated=found.view["simulated"],
        position=found.position,
        as_of=found.view["known_at"],
        kept_as_of=None,
    )
    page = rendered(request, "public_list/page.html", frame, list_view(found))
    page.headers.update(HEADERS)
    return page


def _file(found: PublicList, form: ListFormat) -> bytes:
    number = found.version.number
    match form:
        case ListFormat.JSON:
            return json.dumps(found.plain, ensure_ascii=False).encode()
        case ListFormat.CSV:
            return public_csv(found.view, number)
        case _:
            return render(public_document(found.view, number, found.signed), DocumentFormat(form.value))


def _disposition(found: PublicList, form: ListFormat) -> dict[str, str]:
    if form is ListFormat.JSON:
        return {}
    number = found.version.number.replace("/", "-")
    name = "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "_" for letter in number)
    return {"Content-Disposition": f'attachment; filename="{name}.{form}"'}
