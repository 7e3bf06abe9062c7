"""What FastAPI works out before a route of the query side is asked."""

import inspect
from collections.abc import Iterator

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from tiendo_query.resources import cases, delays, indicators, log, officers, reports, timelines, units

ROUTES = [
    route
    for resource in (cases, delays, indicators, log, officers, reports, timelines, units)
    for route in resource.router.routes
    if isinstance(route, APIRoute)
]


def _needed(dependant: Dependant) -> Iterator[Dependant]:
    for one in dependant.dependencies:
        yield one
        yield from _needed(one)


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
def test_no_request_waits_for_a_thread_before_its_route_is_asked(route: APIRoute) -> None:
    calls = [one.call for one in _needed(route.dependant)]
    assert calls
    for call in calls:
        # A security scheme is an object whose call is a coroutine.
        assert inspect.iscoroutinefunction(call) or inspect.iscoroutinefunction(type(call).__call__), call
