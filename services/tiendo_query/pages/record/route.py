"""The address of an officer's own record."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_domain.months import Month
from tiendo_query.answering.answers import query_side_of
from tiendo_query.desk.own_work import own_record
from tiendo_query.names.known_officers import officer_key
from tiendo_query.pages.desk_visitors import officer_of
from tiendo_query.pages.form_parameters import FormParameters
from tiendo_query.pages.framing import frame_of_now
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.record.view import record_view
from tiendo_query.pages.rendering import rendered
from tiendo_query.questions.latest_days import last_day
from tiendo_query.questions.parameters import MonthParameter

router: Final = page_router()


class RecordParameters(FormParameters):
    """The last month of the record."""

    month: MonthParameter = None


@router.get("/desk/record")
async def record(request: Request, session: OneVisitor, asked: Annotated[RecordParameters, Query()]) -> Response:
    """Twelve months of the officer who has signed in, to print for the evaluation at the year's end."""
    officer_id = officer_of(session)
    side = query_side_of(request, session.sight)
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        key = officer_key(officer_id, snapshot.rules)
        last = (
            Month.of(await last_day(snapshot, now=now, officer_key=key))
            if asked.month is None
            else Month.read(asked.month)
        )
        found = await own_record(snapshot, officer_id, last, now=now)
    view = record_view(
        officer_id, found, snapshot.rules.absences_of(officer_id), snapshot.rules.officers.get(officer_id, ())
    )
    frame = frame_of_now(snapshot, session, now, simulated=found.simulated)
    return rendered(request, "record/page.html", frame, view)
