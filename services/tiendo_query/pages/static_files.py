"""What all pages share: the style and the icon; what keeps the draft of a form in the browser, and what tells of news."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Response

_STATIC: Final = files("tiendo_query.pages") / "static"
_KEPT: Final = {"Cache-Control": "max-age=300"}
_STYLE: Final = (_STATIC / "tiendo.css").read_bytes()
_ICON: Final = (_STATIC / "tiendo.svg").read_bytes()
_LIVE: Final = (_STATIC / "live.js").read_bytes()
_DRAFT: Final = (_STATIC / "draft.js").read_bytes()

router: Final = APIRouter(include_in_schema=False)


@router.get("/static/tiendo.css")
async def style() -> Response:
    """The style of all pages."""
    return Response(_STYLE, media_type="text/css; charset=utf-8", headers=_KEPT)


@router.get("/static/tiendo.svg")
async def icon() -> Response:
    """The icon of all pages."""
    return Response(_ICON, media_type="image/svg+xml", headers=_KEPT)


@router.get("/static/draft.js")
async def draft() -> Response:
    """The script that keeps what is typed into a form until it is sent."""
    return Response(_DRAFT, media_type="text/javascript; charset=utf-8", headers=_KEPT)


@router.get("/static/live.js")
async def live() -> Response:
    """The script that tells of news while a page stands open."""
    return Response(_LIVE, media_type="text/javascript; charset=utf-8", headers=_KEPT)
