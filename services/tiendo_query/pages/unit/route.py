"""The address of the figures of a unit."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.answers import query_side_of
from tiendo_query.known_units import is_above, known_trees
from tiendo_query.pages.bar import Choice, ChoiceBar, presets_at
from tiendo_query.pages.code.route import has_figures
from tiendo_query.pages.framing import frame_of, seen_period
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.pages.unit.view import AskedUnit, unit_view
from tiendo_runtime.web import SignInNeeded

router: Final = page_router()
_ANSWERS: Final = frozenset({Choice.PERIOD, Choice.AS_OF})


@router.get("/units/{unit_id:path}")
async def unit(
    request: Request, unit_id: str, session: AnyVisitor, asked: Annotated[LookingParameters, Query()]
) -> Response:
    """The figures of the unit with all units below it, and what they are made of; of a unit above those that the caller sees the name."""
    if not has_figures(request, session):
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        period = seen_period(snapshot, asked, start, end, now)
        bar = ChoiceBar(answers=_ANSWERS, start=start, end=end, presets=presets_at(end))
        if is_above(snapshot, unit_id):
            trees = await known_trees(snapshot)
            name = trees.of_span(len(trees.days)).nodes[unit_id].name
            frame = frame_of(snapshot, session, asked, period, now=now, simulated=False)
            return rendered(request, "unit/name.html", frame, {"name": name or unit_id})
        question = AskedUnit(
            unit=unit_id, start=start, end=end, as_of=asked.as_of, looking=asked.looking, names=session is not None
        )
        view = await unit_view(side, snapshot, question)
        frame = frame_of(snapshot, session, asked, period, now=now, simulated=view.simulated, bar=bar)
    return rendered(request, "unit/page.html", frame, view)
