"""The address of the search."""

from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_query.answering.answers import query_side_of
from tiendo_query.pages.code.route import has_figures, to_the_case
from tiendo_query.pages.framing import frame_of, seen_period
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.rendering import HEADERS, rendered
from tiendo_query.pages.search.exact_hits import exact_hit
from tiendo_query.pages.search.view import search_view
from tiendo_query.questions.parameters import TextParameter

router: Final = page_router()


class SearchParameters(LookingParameters):
    """What is looked for."""

    text: TextParameter = None


@router.get("/search")
async def search(request: Request, session: AnyVisitor, asked: Annotated[SearchParameters, Query()]) -> Response:
    """The case, officer, unit or procedure of exactly this code; else those that the text finds. What is not seen is not found."""
    if not has_figures(request, session):
        return to_the_case(request, asked.text)
    side = query_side_of(request, sight_of(session))
    text = (asked.text or "").strip()
    now = side.now()
    async with side.snapshot() as snapshot:
        hit = await exact_hit(snapshot, text, people=session is not None) if text else None
        if hit is not None:
            # The end of a period shows a case as the page that led here does: with all that was decided since (rule E1).
            as_at = asked.as_of if asked.ends_the_period and hit.startswith("/cases/") else None
            location = asked.looking.link(hit, as_at=as_at)
            return Response(status_code=303, headers={**HEADERS, "Location": location})
        period = seen_period(snapshot, asked, asked.from_, asked.to, now)
        view = await search_view(side, snapshot, text, asked.as_of, period=period, people=session is not None)
        frame = frame_of(snapshot, session, asked, period, now=now, simulated=view.simulated, text=text)
    return rendered(request, "search/page.html", frame, view)
