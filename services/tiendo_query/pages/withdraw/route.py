"""The address at which an officer takes an explanation back."""

from collections.abc import Mapping
from typing import Annotated, Final
from uuid import uuid4

import orjson
from fastapi import Query, Request, Response

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.facts import EventKey
from tiendo_query.desk.drafting import withdrawn
from tiendo_query.pages.desk_visitors import officer_who_writes
from tiendo_query.pages.own_case import OwnCase, back_to_desk, own_case
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.sent_forms import sent_fields
from tiendo_query.pages.withdraw.view import withdraw_view
from tiendo_query.questions.parameters import TextParameter
from tiendo_query.questions.strict_routes import Parameters
from tiendo_runtime.web.explanation_intake import explanation_intake_of

router: Final = page_router()
_ADDRESS: Final = "/desk/withdraw/{case_id:path}"


class WithdrawParameters(Parameters):
    """The explanation by its key."""

    source: TextParameter = None
    id: TextParameter = None


@router.get(_ADDRESS)
async def withdraw(
    request: Request, case_id: str, session: OneVisitor, asked: Annotated[WithdrawParameters, Query()]
) -> Response:
    """What is taken back, and what that means."""
    person = officer_who_writes(session)
    explanation_intake_of(request)
    case = await own_case(request, person, case_id)
    key = EventKey(source=asked.source or "", id=asked.id or "")
    fields = {"source": key.source, "id": key.id, "event_id": uuid4().hex}
    return _page(request, case, key, fields)


@router.post(_ADDRESS)
async def send_withdrawal(request: Request, case_id: str, session: OneVisitor) -> Response:
    """Take it back, once confirmed."""
    person = officer_who_writes(session)
    fields = await sent_fields(request)
    case = await own_case(request, person, case_id)
    key = EventKey(source=fields.get("source", ""), id=fields.get("id", ""))
    if fields.pop("step", "look") != "confirmed":
        return back_to_desk(case, 0)
    withdraw_view(case.said, key, fields)
    unsent = withdrawn(case.stamp(fields.get("event_id") or uuid4().hex), key)
    try:
        position = await explanation_intake_of(request).take(person, orjson.loads(unsent.text), address=_ADDRESS)
    except Refusal as refusal:
        if refusal.kind is not ProblemKind.CONFLICT:
            raise
        position = 0
    return back_to_desk(case, position)


def _page(request: Request, case: OwnCase, key: EventKey, fields: Mapping[str, str]) -> Response:
    return rendered(request, "withdraw/page.html", case.frame, withdraw_view(case.said, key, fields))
