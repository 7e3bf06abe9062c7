"""The address of one procedure."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.answering.answers import query_side_of
from tiendo_query.pages.bar import LISTS_ANSWER, ChoiceBar, presets_at
from tiendo_query.pages.code.route import has_figures
from tiendo_query.pages.framing import frame_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.procedure.view import procedure_view
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_runtime.web import SignInNeeded

router: Final = page_router()


@router.get("/procedures/{procedure_id:path}")
async def procedure(
    request: Request, procedure_id: str, session: AnyVisitor, asked: Annotated[LookingParameters, Query()]
) -> Response:
    """Where the time of the procedure goes, step by step against the norm, and who is late in it by kind."""
    if not has_figures(request, session):
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        days = await shown_period(snapshot, asked.from_, asked.to, now=now)
        view = await procedure_view(side, snapshot, procedure_id, asked, days)
        bar = ChoiceBar(
            answers=LISTS_ANSWER, start=view.start, end=view.end, presets=presets_at(view.end), unit_path=view.unit_path
        )
        frame = frame_of(snapshot, session, asked, view.period, now=now, simulated=view.simulated, bar=bar)
    return rendered(request, "procedure/page.html", frame, view)
