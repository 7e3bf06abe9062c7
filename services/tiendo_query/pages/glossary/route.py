"""The address of the glossary."""

from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from tiendo_query.pages.glossary.view import glossary_view
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router
from tiendo_query.pages.plain_frames import frame_without_figures
from tiendo_query.pages.rendering import rendered

router: Final = page_router()


@router.get("/glossary")
async def glossary(request: Request, session: AnyVisitor, asked: Annotated[LookingParameters, Query()]) -> HTMLResponse:
    """The words of the field and of the product, each with its meaning."""
    frame = await frame_without_figures(request, session, asked)
    return rendered(request, "glossary/page.html", frame, glossary_view())
