"""What all pages share: the style and the icon."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Response

_STATIC: Final = files("tiendo_query.pages") / "static"
_KEPT: Final = {"Cache-Control": "max-age=300"}
_STYLE: Final = (_STATIC / "tiendo.css").read_bytes()
_ICON: Final = (_STATIC / "tiendo.svg").read_bytes()

router: Final = APIRouter(include_in_schema=False)


@router.get("/static/tiendo.css")
async def style() -> Response:
    """The style of all pages."""
    return Response(_STYLE, media_type="text/css; charset=utf-8", headers=_KEPT)


@router.get("/static/tiendo.svg")
async def icon() -> Response:
    """The icon of all pages."""
    return Response(_ICON, media_type="image/svg+xml", headers=_KEPT)
