"""The address of the flow between units."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.answering.answers import query_side_of
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.breakdowns.unit_flows import unit_flow
from tiendo_query.pages.bar import LISTS_ANSWER, ChoiceBar, presets_at
from tiendo_query.pages.code.route import has_figures
from tiendo_query.pages.flows.view import EDGES_SORTED, STAYS_SORTED, flow_view
from tiendo_query.pages.framing import frame_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.pages.sorted_tables import heads_of
from tiendo_query.sums.tallies import AskedTally, found_tally
from tiendo_runtime.web import SignInNeeded

router: Final = page_router()


class FlowPageParameters(LookingParameters):
    """How the flow is looked at, and in which order its lists are."""

    sort: Annotated[str | None, *EDGES_SORTED.parameter] = None
    sort_stays: Annotated[str | None, *STAYS_SORTED.parameter] = None


@router.get("/flows")
async def flows(request: Request, session: AnyVisitor, asked: Annotated[FlowPageParameters, Query()]) -> Response:
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
        bar = ChoiceBar(
            answers=LISTS_ANSWER, start=start, end=end, presets=presets_at(end), unit_path=path, own=asked.own
        )
        frame = frame_of(snapshot, session, asked, flow.period, now=now, simulated=tally.tally.simulated, bar=bar)
    view = flow_view(flow, asked.looking, start, end, sort=asked.sort, sort_stays=asked.sort_stays)
    heads = heads_of(frame, asked, "/flows", (start, end), sort=EDGES_SORTED, sort_stays=STAYS_SORTED)
    return rendered(request, "flows/page.html", frame, {"view": view, **heads})
