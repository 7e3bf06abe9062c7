"""The address of all published lists."""

from typing import Final

from fastapi import Request
from fastapi.responses import HTMLResponse

from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import page_router
from tiendo_query.pages.plain_frames import frame_without_figures
from tiendo_query.pages.public_lists.view import lists_view
from tiendo_query.pages.rendering import rendered
from tiendo_query.publications.list_callers import everything_of
from tiendo_query.publications.public_lists import HEADERS, published_lists
from tiendo_runtime.web import current_session

router: Final = page_router()


@router.get("/cong-khai")
async def public_lists(request: Request) -> HTMLResponse:
    """All lists by month, the newest first; no key, no session."""
    view = lists_view(await published_lists(everything_of(request)))
    frame = await frame_without_figures(request, await current_session(request), LookingParameters())
    page = rendered(request, "public_lists/page.html", frame, view)
    page.headers.update(HEADERS)
    return page
