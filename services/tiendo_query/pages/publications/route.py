"""The addresses of the board of a month, and of the draft of a list."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Query, Request, Response
from fastapi.responses import RedirectResponse

from tiendo_contracts.problems.problem_documents import status_of
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_contracts.publications.publication_bodies import DraftBody, checked
from tiendo_domain.months import Month
from tiendo_query.pages.desk_visitors import publisher, publishes, reader_of_lists
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.publications.view import board_view
from tiendo_query.pages.rendering import Frame, rendered
from tiendo_query.pages.sent_forms import NO_FAULTS, UNPROCESSABLE, Faults, faults_of, sent_fields
from tiendo_query.publications.board import Board, board_of
from tiendo_query.publications.list_callers import publications_of
from tiendo_query.questions.parameters import MonthParameter
from tiendo_query.questions.periods import shown
from tiendo_runtime.authentication import Caller
from tiendo_runtime.web import language_of_page

router: Final = page_router()
_ADDRESS: Final = "/desk/publications"
_SERVER_ERROR: Final = 500


class BoardParameters(LookingParameters):
    """The month; absent: the last one that is over."""

    period: MonthParameter = None


@router.get(_ADDRESS)
async def board(request: Request, session: OneVisitor, asked: Annotated[BoardParameters, Query()]) -> Response:
    """Where the lists of the month stand, of all units that whoever has signed in sees."""
    caller = reader_of_lists(session)
    month = None if asked.period is None else Month.read(asked.period)
    found = await board_of(publications_of(request, caller), month)
    frame = _frame(found, caller, asked)
    return rendered(request, "publications/page.html", frame, board_view(found, drafts=publishes(caller)))


@router.post(_ADDRESS)
async def send_draft(request: Request, session: OneVisitor) -> Response:
    """What a draft means; once confirmed it is made."""
    person = publisher(session)
    fields = await sent_fields(request)
    step = fields.pop("step", "look")
    publications = publications_of(request, person)
    try:
        body = checked(DraftBody, {name: value for name, value in fields.items() if value})
        if step == "confirmed":
            publication_id = await publications.draft(body)
            return RedirectResponse(f"{_ADDRESS}/{publication_id}", status_code=303)
        await publications.refuse_draft(body)
    except Refusal as refusal:
        if status_of(refusal.kind) >= _SERVER_ERROR:
            raise
        faults = faults_of(refusal, _FIELDS, fields, language_of_page(request))
        return await _shown_again(request, person, fields, faults)
    found = await board_of(publications, Month.read(body.period))
    if step == "edit":
        return await _shown_again(request, person, fields, NO_FAULTS)
    name = next((line.unit_name for line in found.lines if line.unit_id == body.unit), None)
    values = {"unit": name or body.unit, "month": found.month, "fields": fields, "month_text": str(found.month)}
    return rendered(request, "publications/second.html", _frame(found, person, LookingParameters()), values)


_FIELDS: Final = {"period": "period", "unit": "unit"}


async def _shown_again(request: Request, caller: Caller, fields: Mapping[str, str], faults: Faults) -> Response:
    """The board with what was filled in, and what was wrong with it."""
    month = Month.parse(fields.get("period", ""))
    found = await board_of(publications_of(request, caller), month)
    view = board_view(found, drafts=True, unit=fields.get("unit", ""), faults=faults)
    page = rendered(request, "publications/page.html", _frame(found, caller, LookingParameters()), view)
    page.status_code = UNPROCESSABLE if faults else page.status_code
    return page


def _frame(found: Board, caller: Caller, asked: LookingParameters) -> Frame:
    return Frame(
        caller=caller,
        simulated=any(line.of_list is not None and line.of_list.approved["simulated"] for line in found.lines),
        position=found.position,
        as_of=shown(found.now, found.zone),
        kept_as_of=None,
        looking=asked.looking,
    )
