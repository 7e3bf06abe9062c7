"""The address of the first page."""

from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from tiendo_query.answering.answers import query_side_of
from tiendo_query.pages.bar import Choice, ChoiceBar, presets_at
from tiendo_query.pages.code.route import code_form, has_figures
from tiendo_query.pages.framing import frame_of, seen_period
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.province.view import province_view
from tiendo_query.pages.rendering import NewsOf, rendered
from tiendo_query.pages.shown_periods import shown_period

router: Final = page_router()
_ANSWERS: Final = frozenset({Choice.PERIOD, Choice.AS_OF})


@router.get("/")
async def first(request: Request, session: AnyVisitor, asked: Annotated[LookingParameters, Query()]) -> HTMLResponse:
    """The figures of the province, the worst units and officers, the open cases that are overdue; or the form for a case's whole code."""
    if not has_figures(request, session):
        return code_form(request)
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        period = seen_period(snapshot, asked, start, end, now)
        view = await province_view(side, snapshot, asked, (start, end), names=session is not None)
        bar = ChoiceBar(answers=_ANSWERS, start=start, end=end, presets=presets_at(end))
        frame = frame_of(
            snapshot,
            session,
            asked,
            period,
            now=now,
            simulated=view.report.simulated,
            bar=bar,
            news_of=NewsOf.unless_as_of(asked.as_of),
        )
    return rendered(request, "province/page.html", frame, view)
