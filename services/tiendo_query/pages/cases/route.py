"""The address of the list of cases."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.answering.answers import query_side_of
from tiendo_query.cases.case_pages import sums_over
from tiendo_query.cases.sorted_pages import is_costly
from tiendo_query.names.known_units import tree_of
from tiendo_query.pages.bar import LISTS_ANSWER, ChoiceBar, presets_at, units_of
from tiendo_query.pages.cases.filter_form import filter_fields
from tiendo_query.pages.cases.parameters import CasesParameters
from tiendo_query.pages.cases.shown_pages import shown_page
from tiendo_query.pages.cases.view import cases_view
from tiendo_query.pages.code.route import has_figures, to_the_case
from tiendo_query.pages.framing import frame_of, seen_period
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.rendering import rendered
from tiendo_query.questions.latest_days import last_day
from tiendo_runtime.web import SignInNeeded

router: Final = page_router()


@router.get("/cases")
async def cases(request: Request, session: AnyVisitor, asked: Annotated[CasesParameters, Query()]) -> Response:
    """Cases by a part of their code, a unit's subtree, lateness, or a figure of another page; page by page."""
    if not has_figures(request, session):
        return to_the_case(request, asked.text)
    if asked.officer is not None and session is None:
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    question = asked.question(people=session is not None)
    now = side.now()
    async with side.snapshot(heavy=is_costly(question) or asked.sums is not None) as snapshot:
        period = seen_period(snapshot, asked, question.from_, question.to, now)
        tree = await tree_of(snapshot, period.period)
        found = await shown_page(side, snapshot, question, now)
        sums = await sums_over(side, snapshot, question, now) if asked.sums else None
        fields = filter_fields(snapshot, asked, people=session is not None)
        bar = ChoiceBar(
            answers=LISTS_ANSWER,
            start=asked.from_,
            end=asked.to,
            presets=presets_at(asked.to or await last_day(snapshot, now=now)),
            unit_path=tree.path(asked.unit),
            units=units_of(tree, asked.unit),
            own=asked.own,
        )
        simulated = any(record["simulated"] for record in found.page.records)
        text = question.text or ""
        frame = frame_of(snapshot, session, asked, period, now=now, simulated=simulated, bar=bar, text=text)
    return rendered(
        request, "cases/page.html", frame, cases_view(asked, question, found, frame, fields=fields, sums=sums)
    )
