"""The address by which open pages hear of news (server-sent events); without a script a page is as it was made, and nothing is missing."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import Depends, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_event_store.faults import DATABASE_FAULTS
from tiendo_query.answering.answers import open_pages_of, query_side_of
from tiendo_query.live_news import COUNTED_MAX, News, Rebuild, WatchedCases, told
from tiendo_query.pages.page_routes import page_router, sight_of
from tiendo_query.questions.parameters import PositionParameter, TextParameter
from tiendo_query.questions.strict_routes import Parameters
from tiendo_runtime.authentication import Caller
from tiendo_runtime.stop_aware_waiting import beside, sleep_until
from tiendo_runtime.web import standing_visitor, stopping_of, visitor_of_news

router: Final = page_router()
NewsVisitor = Annotated[Caller | None, Depends(visitor_of_news)]
SESSION_SECONDS: Final = 2.0
"""How soon after a sign-out or a revocation nothing more is told."""

_RETRY_MILLISECONDS: Final = 10_000


class LiveParameters(Parameters):
    """Up to which position of the log the page shows everything, and which case it shows, if one."""

    after: PositionParameter
    case: TextParameter = None


async def _ends(request: Request, visitor: NewsVisitor) -> AsyncIterator[asyncio.Event]:
    """What is set when the viewer may hear no more, or the service stops; raises the refusal where too many pages are open."""
    ends = asyncio.Event()
    with open_pages_of(request).one():
        async with beside(_watch(request, visitor, ends)):
            yield ends


async def _watch(request: Request, visitor: Caller | None, ends: asyncio.Event) -> None:
    stopping = stopping_of(request)
    try:
        while not stopping.is_set() and await _is_still(request, visitor):
            await sleep_until(stopping, SESSION_SECONDS)
    finally:
        ends.set()


async def _is_still(request: Request, visitor: Caller | None) -> bool:
    """Whether whoever asked is signed in as then, and sees what they saw."""
    if visitor is None:
        return True
    try:
        standing = await standing_visitor(request)
    except (Refusal, *DATABASE_FAULTS):
        return False
    return standing is not None and (standing.entered_by, standing.sight) == (visitor.entered_by, visitor.sight)


@router.get("/live", response_class=EventSourceResponse)
async def live(
    request: Request,
    visitor: NewsVisitor,
    asked: Annotated[LiveParameters, Query()],
    ends: Annotated[asyncio.Event, Depends(_ends)],
) -> AsyncIterator[ServerSentEvent]:
    """How many events came of the case, or of all that the viewer sees, since the page was made; and how far a rebuild is, in percent."""
    watched = WatchedCases(side=query_side_of(request, sight_of(visitor)), after=asked.after, case_id=asked.case)
    yield ServerSentEvent(comment="open", retry=_RETRY_MILLISECONDS)
    async for one in told(open_pages_of(request), watched, ends):
        match one:
            case News(count=count):
                yield ServerSentEvent(event="news", data={"count": count, "more": count >= COUNTED_MAX})
            case Rebuild(position=position, head=head):
                yield ServerSentEvent(event="rebuild", data={"percent": 100 * position // max(head, 1)})
