"""The address of the flow between units."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.answers import query_side_of
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.breakdowns.unit_flows import unit_flow
from tiendo_query.pages.bar import LISTS_ANSWER, ChoiceBar, presets_at
from tiendo_query.pages.code.route import has_figures
from tiendo_query.pages.flows.view import flow_view
from tiendo_query.pages.framing import frame_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.tallies import AskedTally, found_tally
from tiendo_runtime.web import SignInNeeded

router: Final = page_router()


@router.get("/flows")
async def flows(request: Request, session: AnyVisitor, asked: Annotated[LookingParameters, Query()]) -> Response:
    """Handovers between agencies, or between the units directly below the one chosen, with the lateness that came along."""
    if not has_figures(request, session):
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        flow = await unit_flow(side, snapshot, AskedTime(start=start, end=end, as_of=asked.as_of), asked.unit)
        tally = await found_tally(side, snapshot, AskedTally(start=start, end=end, as_of=asked.as_of))
        path = None if asked.unit is None else flow.tree.path(asked.unit)
        bar = ChoiceBar(answers=LISTS_ANSWER, start=start, end=end, presets=presets_at(end), unit_path=path)
        frame = frame_of(snapshot, session, asked, flow.period, now=now, simulated=tally.tally.simulated, bar=bar)
    return rendered(request, "flows/page.html", frame, flow_view(flow, asked.looking, start, end))
