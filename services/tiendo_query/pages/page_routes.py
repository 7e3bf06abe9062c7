"""Routes that answer pages, so that whatever goes wrong on them is a page too."""

from typing import Final

from fastapi import Request
from fastapi.routing import APIRoute

from tiendo_contracts.problem_kinds import ProblemKind, Refusal


class PageRoute(APIRoute):
    """A route for people in a browser; `is_page` is what `tiendo_runtime.web.problem_pages` asks for."""

    is_page: Final = True


async def no_null_character(request: Request) -> None:
    """Refuse a path that the database cannot even be asked for."""
    if any("\x00" in str(value) for value in request.path_params.values()):
        raise Refusal(ProblemKind.NOT_FOUND)
