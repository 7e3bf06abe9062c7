"""Monthly lists of officers who were late: drafted, opened to explanations, approved, published, corrected, withdrawn."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, Field, WithJsonSchema

from tiendo_contracts.answers.publications import ListFormat, Publication, PublicationPage
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.publications.publication_bodies import (
    ApproveBody,
    CorrectBody,
    DraftBody,
    OpenBody,
    PublishBody,
    WithdrawBody,
    checked,
)
from tiendo_contracts.texts.strict_json import decode, parse_text
from tiendo_domain.monthly_list.workflow import ListState
from tiendo_query.answering.answers import documented
from tiendo_query.publications.found_lists import AskedLists, listed
from tiendo_query.publications.list_answers import proofs_of, publication, summary
from tiendo_query.publications.list_callers import READER, ListsSideParameter, PublicationsParameter, everything_of
from tiendo_query.publications.list_files import list_file
from tiendo_query.publications.list_formats import MEDIA_TYPES, form_accepted, without_suffix
from tiendo_query.publications.publishing import Publications
from tiendo_query.publications.seen_lists import SeenList, seen_list
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.parameters import (
    PAGE_SIZE,
    CursorParameter,
    MonthParameter,
    PageSize,
    TextParameter,
    VersionNumber,
    one_of,
)
from tiendo_query.questions.strict_routes import Parameters, StrictRoute, each_parameter_once

router: Final = APIRouter(
    prefix="/v1",
    tags=["publications"],
    route_class=StrictRoute,
    dependencies=[Depends(READER), Depends(each_parameter_once)],
)
steps: Final = APIRouter(
    prefix="/v1/publications",
    tags=["publications"],
    route_class=StrictRoute,
    dependencies=[Depends(each_parameter_once)],
)

_BODY_SIZE_MAX: Final = 64 * 1024
_CONFLICT: Final[dict[int | str, dict[str, Any]]] = {
    409: {"description": "The list does not take this step now, or there is one already"}
}
_STEPS: Final[dict[int | str, dict[str, Any]]] = {**documented(404, marked=False), **_CONFLICT}
_FILES: Final[dict[str, Any]] = {
    media_type.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
    for form, media_type in MEDIA_TYPES.items()
    if form is not ListFormat.JSON
}


class ListsParameters(Parameters):
    """Which lists; all conditions hold together."""

    unit: TextParameter = Field(default=None, description="id: lists of this unit")
    period: MonthParameter = Field(default=None, description="lists of this month, such as 2022-08")
    state: Annotated[
        str | None, one_of(*ListState), WithJsonSchema({"type": "string", "enum": [*map(str, ListState)]})
    ] = Field(default=None, description="where they stand")
    limit: PageSize = Field(default=PAGE_SIZE, description="lists in a page")
    cursor: CursorParameter = Field(default=None, description="`next` of the page before, with the same question")


class VersionParameters(Parameters):
    """Which version."""

    version: VersionNumber = Field(default=None, description="the newest where it is absent")


@router.get(
    "/publications", summary="Monthly lists", responses=documented(marked=False), operation_id="list_publications"
)
async def list_publications(side: ListsSideParameter, asked: Annotated[ListsParameters, Query()]) -> PublicationPage:
    """The lists of the units that the caller sees, in the order in which they were drafted."""
    question: dict[str, object] = {"unit": asked.unit, "period": asked.period, "state": asked.state}
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=(str,))
    which = AskedLists(
        unit=asked.unit, period=asked.period, state=None if asked.state is None else ListState(asked.state)
    )
    found = await listed(side, which, after=None if cursor is None else str(cursor.after[0]), limit=asked.limit + 1)
    items = [summary(one) for one in found[: asked.limit]]
    following = None
    if len(found) > asked.limit:
        place = Cursor(after=(items[-1].id,), as_of=side.now().isoformat())
        following = cursors.written(place, question)
    return PublicationPage(items=items, next=following)


@router.get(
    "/publications/{publication_id}",
    summary="One version of a monthly list",
    response_model=Publication,
    responses={**documented(404, 406, marked=False), 200: {"content": _FILES}},
    operation_id="read_publication",
)
async def read_publication(
    publication_id: str, request: Request, side: ListsSideParameter, asked: Annotated[VersionParameters, Query()]
) -> Response:
    """The list by its id, as JSON; with a suffix (`.csv`, `.xlsx`, `.docx`, `.pdf`) or by `Accept` the same content as a file."""
    plain_id, form = without_suffix(publication_id)
    form = form or form_accepted(request.headers.get("accept"))
    found = await seen_list(side, plain_id, asked.version)
    return await list_answer(request, found, form)


async def list_answer(request: Request, found: SeenList, form: ListFormat, status: int = 200) -> Response:
    """The list in the form that was asked for."""
    everything = everything_of(request)
    answer = publication(found, await proofs_of(found.list, everything.log, everything.proofs))
    content = await asyncio.to_thread(list_file, answer, form)
    headers = (
        {} if form is ListFormat.JSON else {"Content-Disposition": f'attachment; filename="{_name(answer)}.{form}"'}
    )
    return Response(content, status, headers=headers, media_type=MEDIA_TYPES[form])


def _name(answer: Publication) -> str:
    """A file's name in ASCII letters that no system refuses."""
    said = f"cong-khai-{answer.unit}-{answer.period}-{answer.version}"
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-._") else "_" for letter in said)


@steps.post(
    "", status_code=201, summary="Draft the list of a unit and month", response_model=Publication, responses=_STEPS
)
async def draft_publication(request: Request, publications: PublicationsParameter) -> Response:
    """Freeze the list as it is known at this instant; 409 while that unit and month have one that is not withdrawn."""
    publication_id = await publications.draft(await _body(request, DraftBody))
    return await _told(request, publications, publication_id, status=201)


@steps.post(
    "/{publication_id}/open", summary="Open a draft to explanations", response_model=Publication, responses=_STEPS
)
async def open_publication(publication_id: str, request: Request, publications: PublicationsParameter) -> Response:
    """Open it until `window_ends_at`, by default the end of the last working day of the window."""
    await publications.open(publication_id, await _body(request, OpenBody))
    return await _told(request, publications, publication_id)


@steps.post(
    "/{publication_id}/approve", summary="Approve a list after its window", response_model=Publication, responses=_STEPS
)
async def approve_publication(publication_id: str, request: Request, publications: PublicationsParameter) -> Response:
    """Apply what was decided since the draft to the frozen shares, and nothing else; say who is withheld."""
    await publications.approve(publication_id, await _body(request, ApproveBody))
    return await _told(request, publications, publication_id)


@steps.post(
    "/{publication_id}/publish", summary="Publish an approved list", response_model=Publication, responses=_STEPS
)
async def publish_publication(publication_id: str, request: Request, publications: PublicationsParameter) -> Response:
    """Give it its number, and show it under /cong-khai."""
    await _body(request, PublishBody)
    await publications.publish(publication_id)
    return await _told(request, publications, publication_id)


@steps.post(
    "/{publication_id}/correct", summary="Publish the next version", response_model=Publication, responses=_STEPS
)
async def correct_publication(publication_id: str, request: Request, publications: PublicationsParameter) -> Response:
    """Make the next version from what is known today, with what it says otherwise; the versions before it stay readable."""
    await publications.correct(publication_id, await _body(request, CorrectBody))
    return await _told(request, publications, publication_id)


@steps.post("/{publication_id}/withdraw", summary="Withdraw a list", response_model=Publication, responses=_STEPS)
async def withdraw_publication(publication_id: str, request: Request, publications: PublicationsParameter) -> Response:
    """Take all names away at once; number, date and reason stay."""
    await publications.withdraw(publication_id, await _body(request, WithdrawBody))
    return await _told(request, publications, publication_id)


async def _told(request: Request, publications: Publications, publication_id: str, status: int = 200) -> Response:
    found = await seen_list(publications.seen, publication_id)
    return await list_answer(request, found, ListFormat.JSON, status)


async def _body(request: Request, model: type[BaseModel]) -> Any:  # noqa: ANN401 - an instance of the model
    """What was sent, as the model has it; nothing counts as an empty object. Raises the refusal that names every fault."""
    sent = b""
    async for piece in request.stream():
        sent += piece
        if len(sent) > _BODY_SIZE_MAX:
            raise Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": _BODY_SIZE_MAX})
    return checked(model, parse_text(decode(sent)) if sent.strip() else {})
