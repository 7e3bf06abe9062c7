"""The address of the list of procedures."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.answering.answers import query_side_of
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.breakdowns.procedures import counted_procedures, procedure_sum
from tiendo_query.names.known_units import known_subtree, tree_of
from tiendo_query.pages.bar import LISTS_ANSWER, ChoiceBar, presets_at
from tiendo_query.pages.code.route import has_figures
from tiendo_query.pages.framing import frame_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.procedures.view import SORTED, procedures_view
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.pages.sorted_tables import heads_of
from tiendo_query.questions.parameters import PageNumber, TextParameter
from tiendo_runtime.web import SignInNeeded

router: Final = page_router()


class ProcedureListParameters(LookingParameters):
    """How the list is looked at, and which page of it."""

    text: TextParameter = None
    sort: Annotated[str | None, *SORTED.parameter] = None
    page: PageNumber = 1


@router.get("/procedures")
async def procedures(
    request: Request, session: AnyVisitor, asked: Annotated[ProcedureListParameters, Query()]
) -> Response:
    """Every procedure that cases of the period name, those with most overdue cases first."""
    if not has_figures(request, session):
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        found = await procedure_sum(side, snapshot, AskedTime(start=start, end=end, as_of=asked.as_of))
        period = found.period
        units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, period.period)
        view = procedures_view(
            counted_procedures(found.total, units), (start, end), text=asked.text, sort=asked.sort, page=asked.page
        )
        path = None if asked.unit is None else (await tree_of(snapshot, period.period)).path(asked.unit)
        bar = ChoiceBar(
            answers=LISTS_ANSWER, start=start, end=end, presets=presets_at(end), unit_path=path, own=asked.own
        )
        frame = frame_of(snapshot, session, asked, period, now=now, simulated=view.simulated, bar=bar)
    heads = heads_of(frame, asked, "/procedures", (start, end), sort=SORTED)
    return rendered(request, "procedures/page.html", frame, {"view": view, "asked": asked, **heads})
