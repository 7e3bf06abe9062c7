"""What every answer of the query side has in common: headers, documented problems, access to what answers."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Request, Response
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.problems.problem_documents import Language
from tiendo_event_store.proofs.proving import LogProofs
from tiendo_query.live_news import OpenPages
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.strict_routes import StrictRoute, each_parameter_once
from tiendo_query.sight.bound_side import QuerySides
from tiendo_runtime.authentication import Caller, Scope, Sight
from tiendo_runtime.web import language_of, requires

POSITION_HEADER: Final = "X-Tiendo-Position"
SIMULATED_HEADER: Final = "X-Tiendo-Simulated"
QUALITY_HEADER: Final = "X-Tiendo-Quality"
"""The verdict on a table, which has no place for it beside its rows; JSON has the member `quality`."""
RETRY_SECONDS: Final = 1
_READER: Final = requires(Scope.READ)

_MEANINGS: Final = {
    400: "A parameter is unknown, malformed or out of range",
    401: "No key, or one that is not valid",
    403: "The key does not have the scope",
    404: "There is nothing of this name; with `Retry-After`: not yet computed",
    406: "The format is not to be had",
    422: "The combination of parameters is not to be had here",
    500: "The service has failed",
    503: "The service is not ready, or the database does not answer",
    504: "The figures did not reach `min_position` in time",
}
_HEADERS: Final = {
    POSITION_HEADER: {
        "description": "the position of the log that the answer reflects",
        "schema": {"type": "integer", "minimum": 0},
    },
    SIMULATED_HEADER: {
        "description": "whether simulated events are among those behind the answer",
        "schema": {"type": "boolean"},
    },
}


def documented(*statuses: int, marked: bool = True) -> dict[int | str, dict[str, Any]]:
    """The answers of an address besides the good one, for the description of the interface; `marked`: the good one has the headers."""
    found: dict[int | str, dict[str, Any]] = {
        status: {"description": _MEANINGS[status]} for status in (400, 401, 403, 422, *statuses, 500, 503)
    }
    return {200: {"headers": _HEADERS}, **found} if marked else found


def query_router(tag: str) -> APIRouter:
    """A router whose addresses need the scope read and take each parameter once."""
    return APIRouter(
        prefix="/v1",
        tags=[tag],
        route_class=StrictRoute,
        dependencies=[Depends(_READER), Depends(each_parameter_once)],
    )


def query_side_of(request: Request, sight: Sight) -> QuerySide:
    """What answers the request of a caller of this sight."""
    return _sides(request).seeing(sight)


def open_pages_of(request: Request) -> OpenPages:
    """The pages of this process that hear of news."""
    pages = request.app.state.open_pages
    assert isinstance(pages, OpenPages)  # noqa: S101 - set by the part's lifespan before any request
    return pages


def _sides(request: Request) -> QuerySides:
    sides = request.app.state.query_sides
    assert isinstance(sides, QuerySides)  # noqa: S101 - set by the part's lifespan before any request
    return sides


# FastAPI hands a dependency that is no coroutine to a thread, for which a request would wait.
async def _query_side(request: Request, caller: Annotated[Caller, Depends(_READER)]) -> QuerySide:
    return query_side_of(request, caller.sight)


async def _proofs(request: Request) -> LogProofs:
    return _sides(request).proofs


async def _without_cases(request: Request) -> AsyncEngine:
    return _sides(request).without_cases


async def _language(request: Request) -> Language:
    return language_of(request)


CaseId = Annotated[
    str,
    Path(
        min_length=1,
        description="the code of the case (`subject` of its events), percent-encoded, `/` as `%2F`",
        examples=["000.00.20.H34-220815-0001"],
    ),
]
OfficerId = Annotated[str, Path(min_length=1, description="id of an officer, percent-encoded", examples=["CC-0001"])]
UnitId = Annotated[str, Path(min_length=1, description="id of a unit, percent-encoded", examples=["H34.20"])]
QuerySideParameter = Annotated[QuerySide, Depends(_query_side)]
NoCasesParameter = Annotated[AsyncEngine, Depends(_without_cases)]
"""The database as a role that sees no case by itself, for what is said of no case."""
CallerParameter = Annotated[Caller, Depends(_READER)]
"""Who asks."""
ProofsParameter = Annotated[LogProofs, Depends(_proofs)]
LanguageParameter = Annotated[Language, Depends(_language)]


def mark(response: Response, snapshot: Snapshot, *, simulated: bool) -> None:
    """Put the position and the mark of simulated data into the answer's headers."""
    response.headers[POSITION_HEADER] = str(snapshot.reader.position)
    response.headers[SIMULATED_HEADER] = "true" if simulated else "false"
