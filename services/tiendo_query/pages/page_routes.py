"""Routes that answer pages, so that whatever goes wrong on them is a page too, and who looks at them."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_query.questions.strict_routes import each_parameter_once
from tiendo_query.sight.bound_side import EVERYTHING
from tiendo_runtime.authentication import Caller, Sight
from tiendo_runtime.web import visitor_of_a_case, visitor_of_one_person

AnyVisitor = Annotated[Caller | None, Depends(visitor_of_a_case)]
"""Who looks at a page that the operator may have opened to all; None: somebody who has not signed in."""
OneVisitor = Annotated[Caller, Depends(visitor_of_one_person)]
"""Who looks at a page for people who have signed in."""


class PageRoute(APIRoute):
    """A route for people in a browser; `is_page` is what `tiendo_runtime.web.problem_pages` asks for."""

    is_page: Final = True


async def no_null_character(request: Request) -> None:
    """Refuse a path that the database cannot even be asked for."""
    if any("\x00" in str(value) for value in request.path_params.values()):
        raise Refusal(ProblemKind.NOT_FOUND)


def page_router() -> APIRouter:
    """A router for the addresses of a page."""
    dependencies = [Depends(no_null_character), Depends(each_parameter_once)]
    return APIRouter(include_in_schema=False, route_class=PageRoute, dependencies=dependencies)


def sight_of(visitor: Caller | None) -> Sight:
    """What whoever is signed in sees; where nobody is, pages show no names, of whatever they show."""
    return EVERYTHING if visitor is None else visitor.sight
