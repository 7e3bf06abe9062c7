"""The address of the rule book."""

from typing import Annotated, Final

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router
from tiendo_query.pages.plain_frames import frame_without_figures
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.rule_book.view import rule_book_view

router: Final = page_router()


@router.get("/rule-book")
async def rule_book(
    request: Request, session: AnyVisitor, asked: Annotated[LookingParameters, Query()]
) -> HTMLResponse:
    """Every rule, in Vietnamese and English, at an anchor of its number."""
    frame = await frame_without_figures(request, session, asked)
    return rendered(request, "rule_book/page.html", frame, rule_book_view())
