"""The address of the form in which an officer explains a lateness, and of its second step."""

from collections.abc import Mapping
from typing import Final
from uuid import uuid4

import orjson
from fastapi import Request, Response

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_query.pages.desk.view import said_row
from tiendo_query.pages.desk_visitors import officer_who_writes
from tiendo_query.pages.explain.view import ExplainView, second_step, stands_for, unsent_explanation
from tiendo_query.pages.own_case import OwnCase, back_to_desk, own_case
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.sent_forms import NO_FAULTS, UNPROCESSABLE, Faults, faults_of, sent_fields, with_script
from tiendo_runtime.authentication.people import SignedInPerson
from tiendo_runtime.web import language_of_page
from tiendo_runtime.web.explanation_intake import explanation_intake_of

router: Final = page_router()
_ADDRESS: Final = "/desk/explain/{case_id:path}"


@router.get(_ADDRESS)
async def explain(request: Request, case_id: str, session: OneVisitor) -> Response:
    """The form."""
    person = officer_who_writes(session)
    explanation_intake_of(request)  # nobody fills in what cannot be sent
    return _form(request, person, await own_case(request, person, case_id), {})


@router.post(_ADDRESS)
async def send_explanation(request: Request, case_id: str, session: OneVisitor) -> Response:
    """The second step of what was filled in; once confirmed it is sent."""
    person = officer_who_writes(session)
    fields = await sent_fields(request)
    case = await own_case(request, person, case_id)
    step = fields.pop("step", "look")
    if step == "edit":
        return _form(request, person, case, fields)
    fields = {"kind": "explain", "event_id": uuid4().hex, **fields}
    intake = explanation_intake_of(request)
    try:
        unsent = unsent_explanation(case.stamp(fields["event_id"]), case.officer, fields)
        if step != "confirmed":
            view = second_step(case.said, unsent, fields, _draft_owner(person))
            return with_script(rendered(request, "explain/second.html", case.frame, view))
        position = await intake.take(person, orjson.loads(unsent.text), address=_ADDRESS)
    except Refusal as refusal:
        if refusal.kind is ProblemKind.CONFLICT:
            return back_to_desk(case, 0)
        if refusal.kind is ProblemKind.LOG_UNAVAILABLE:
            raise
        faults = faults_of(refusal, stands_for(fields), fields, language_of_page(request))
        return _form(request, person, case, fields, faults)
    return back_to_desk(case, position)


def _draft_owner(person: SignedInPerson) -> str:
    """Whose draft it is: people who signed in by links have names alone, and namesakes one browser."""
    return f"{person.entered_by} {person.officer_id}"


def _form(
    request: Request, person: SignedInPerson, case: OwnCase, fields: Mapping[str, str], faults: Faults = NO_FAULTS
) -> Response:
    view = ExplainView(row=said_row(case.said), values=fields, faults=faults, draft_owner=_draft_owner(person))
    page = with_script(rendered(request, "explain/page.html", case.frame, view))
    page.status_code = UNPROCESSABLE if faults else page.status_code
    return page
