"""The address of the page of difficulties."""

from typing import Annotated, Final

from fastapi import Query, Request, Response
from pydantic import WithJsonSchema

from tiendo_query.accountability.difficulties import AskedDifficulties, found_difficulties
from tiendo_query.answering.answers import query_side_of
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.breakdowns.reason_groups import GroupedBy
from tiendo_query.names.known_units import tree_of
from tiendo_query.pages.bar import LISTS_ANSWER, ChoiceBar, presets_at, units_of
from tiendo_query.pages.difficulties.view import difficulties_view
from tiendo_query.pages.figure_charts import case_links
from tiendo_query.pages.framing import frame_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router, sight_of
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.questions.parameters import PageNumber, one_of
from tiendo_query.tables.columns import Wording
from tiendo_runtime.web import language_of_page

router: Final = page_router()
_GROUPINGS: Final = tuple(one.value for one in GroupedBy if one is not GroupedBy.REASON)
GroupingParameter = Annotated[str, one_of(*_GROUPINGS), WithJsonSchema({"type": "string", "enum": list(_GROUPINGS)})]


class DifficultiesParameters(LookingParameters):
    """How it is looked at, by what the reasons are told, and which page of these."""

    by: GroupingParameter = GroupedBy.UNIT.value
    page: PageNumber = 1


@router.get("/difficulties")
async def difficulties(
    request: Request, session: OneVisitor, asked: Annotated[DifficultiesParameters, Query()]
) -> Response:
    """The reasons of explanations, totalled; of the units that whoever looks sees whole."""
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        question = AskedDifficulties(start=start, end=end, as_of=asked.as_of, unit=asked.unit)
        found = await found_difficulties(side, snapshot, question, now=now)
        period = AskedTime(start=start, end=end, as_of=asked.as_of).seen(snapshot, now)
        tree = await tree_of(snapshot, period.period)
        wording = Wording(tree=tree, zone=snapshot.zone, language=language_of_page(request))
        links = case_links(asked.looking, period, start, end)
        view = difficulties_view(found, links, wording, asked.unit, GroupedBy(asked.by), start, end, page=asked.page)
        bar = ChoiceBar(
            answers=LISTS_ANSWER,
            start=start,
            end=end,
            presets=presets_at(end),
            unit_path=None if asked.unit is None else tree.path(asked.unit),
            units=units_of(tree, asked.unit),
            own={"by": asked.by},
        )
        frame = frame_of(snapshot, session, asked, period, now=now, simulated=found.simulated, bar=bar)
    return rendered(request, "difficulties/page.html", frame, view)
