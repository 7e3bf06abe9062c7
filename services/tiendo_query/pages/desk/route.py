"""The address of an officer's own page."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_domain.months import Month
from tiendo_query.answering.answers import query_side_of
from tiendo_query.desk.own_work import own_work
from tiendo_query.pages.desk.view import desk_view
from tiendo_query.pages.desk_visitors import officer_of
from tiendo_query.pages.framing import frame_of_now
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.questions.parameters import MonthParameter, PageNumber, PositionParameter

router: Final = page_router()


class DeskParameters(LookingParameters):
    """The month that is told of, which pages of the queue and of the late cases, and up to which position it must know.

    How other pages were looked at changes nothing here.
    """

    month: MonthParameter = None
    queue: PageNumber = 1
    page: PageNumber = 1
    min_position: PositionParameter = 0


@router.get("/desk")
async def desk(request: Request, session: OneVisitor, asked: Annotated[DeskParameters, Query()]) -> Response:
    """What the officer who has signed in holds, what is said of them, and what they can say to it."""
    officer_id = officer_of(session)
    side = query_side_of(request, session.sight)
    now = side.now()
    month = None if asked.month is None else Month.read(asked.month)
    async with side.snapshot(min_position=asked.min_position) as snapshot:
        work = await own_work(
            side, snapshot, officer_id, month=month, now=now, queue_page=asked.queue, said_page=asked.page
        )
    frame = frame_of_now(snapshot, session, now, simulated=work.simulated)
    view = desk_view(work, queue_page=asked.queue, said_page=asked.page, sent=asked.min_position > 0)
    return rendered(request, "desk/page.html", frame, view)
