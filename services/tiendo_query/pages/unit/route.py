"""The address of the figures of a unit."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.answering.answers import query_side_of
from tiendo_query.names.known_units import is_above, known_trees
from tiendo_query.pages.bar import Choice, ChoiceBar, presets_at
from tiendo_query.pages.code.route import has_figures
from tiendo_query.pages.framing import frame_of, seen_period
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.officers.view import OFFICERS_SORTED
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.showing import in_path
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.pages.sorted_tables import heads_of
from tiendo_query.pages.unit.view import COUNTED_SORTED, STEPS_SORTED, AskedUnit, UnitSorts, unit_view
from tiendo_runtime.web import SignInNeeded

router: Final = page_router()
_ANSWERS: Final = frozenset({Choice.PERIOD, Choice.AS_OF})


class UnitPageParameters(LookingParameters):
    """How the unit is looked at, and in which order its tables are."""

    sort_children: Annotated[str | None, *COUNTED_SORTED.parameter] = None
    sort_procedures: Annotated[str | None, *COUNTED_SORTED.parameter] = None
    sort_steps: Annotated[str | None, *STEPS_SORTED.parameter] = None
    sort_officers: Annotated[str | None, *OFFICERS_SORTED.parameter] = None

    @property
    def sorts(self) -> UnitSorts:
        """The orders."""
        return UnitSorts(
            children=self.sort_children,
            procedures=self.sort_procedures,
            steps=self.sort_steps,
            officers=self.sort_officers,
        )


@router.get("/units/{unit_id:path}")
async def unit(
    request: Request, unit_id: str, session: AnyVisitor, asked: Annotated[UnitPageParameters, Query()]
) -> Response:
    """The figures of the unit with all units below it, and what they are made of; of a unit above those that the caller sees the name."""
    if not has_figures(request, session):
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        period = seen_period(snapshot, asked, start, end, now)
        bar = ChoiceBar(answers=_ANSWERS, start=start, end=end, presets=presets_at(end), own=asked.own)
        if is_above(snapshot, unit_id):
            trees = await known_trees(snapshot)
            name = trees.of_span(len(trees.days)).nodes[unit_id].name
            frame = frame_of(snapshot, session, asked, period, now=now, simulated=False)
            return rendered(request, "unit/name.html", frame, {"name": name or unit_id})
        question = AskedUnit(
            unit=unit_id,
            start=start,
            end=end,
            as_of=asked.as_of,
            looking=asked.looking,
            names=session is not None,
            sorts=asked.sorts,
        )
        view = await unit_view(side, snapshot, question)
        frame = frame_of(snapshot, session, asked, period, now=now, simulated=view.simulated, bar=bar)
    heads = heads_of(
        frame,
        asked,
        f"/units/{in_path(unit_id)}",
        (start, end),
        sort_children=COUNTED_SORTED,
        sort_procedures=COUNTED_SORTED,
        sort_steps=STEPS_SORTED,
        sort_officers=OFFICERS_SORTED,
    )
    return rendered(request, "unit/page.html", frame, {"view": view, **heads})
