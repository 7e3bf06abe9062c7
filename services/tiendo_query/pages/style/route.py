"""The address of the page with all components."""

from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from tiendo_query.answering.answers import query_side_of
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.rendering import Frame, rendered
from tiendo_query.pages.style.view import style_view
from tiendo_query.questions.periods import shown

router: Final = page_router()


@router.get("/style")
async def style(request: Request, session: AnyVisitor) -> HTMLResponse:
    """All components of the pages, with made-up values: for those who make pages."""
    side = query_side_of(request, sight_of(session))
    async with side.snapshot() as snapshot:
        as_of, position = shown(side.now(), snapshot.zone), snapshot.reader.position
    frame = Frame(caller=session, simulated=False, position=position, as_of=as_of, kept_as_of=None, bar=None)
    return rendered(request, "style/page.html", frame, style_view())
