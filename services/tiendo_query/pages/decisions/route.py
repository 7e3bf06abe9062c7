"""The address of the list of explanations that wait for a decision."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.accountability.explained_cases import ExplanationQuestion, author_in, explanation_page
from tiendo_query.answering.answers import query_side_of
from tiendo_query.answering.explanations import listed_explanation
from tiendo_query.pages.decisions.view import PendingView, pending_row
from tiendo_query.pages.desk_visitors import decider
from tiendo_query.pages.framing import frame_of_now
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.questions.parameters import CursorParameter

ROWS_MAX: Final = 50
_PENDING: Final = ExplanationQuestion(state="pending")

router: Final = page_router()


class PendingParameters(LookingParameters):
    """Where the page begins; how other pages were looked at changes nothing here."""

    cursor: CursorParameter = None


@router.get("/desk/decisions")
async def pending_explanations(
    request: Request, session: OneVisitor, asked: Annotated[PendingParameters, Query()]
) -> Response:
    """What waits for whoever has signed in to decide, the oldest first."""
    person = decider(session)
    side = query_side_of(request, person.sight)
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        page = await explanation_page(side, snapshot, _PENDING, limit=ROWS_MAX, cursor=asked.cursor)
        author = author_in(snapshot, person, now)
    rows = [pending_row(listed_explanation(one, person, author, now), one.explanation.party) for one in page.items]
    frame = frame_of_now(snapshot, session, now, simulated=any(row.listed.simulated for row in rows))
    return rendered(request, "decisions/page.html", frame, PendingView(rows=rows, next=page.next))
