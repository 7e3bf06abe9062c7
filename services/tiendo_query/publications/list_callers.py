"""Who asks for lists, and who takes steps with them, over HTTP."""

from typing import Annotated, Final

from fastapi import Depends, Request

from tiendo_query.answering.answers import query_side_of
from tiendo_query.publications.publishing import Publications
from tiendo_query.query_side import QuerySide
from tiendo_query.sight.bound_side import EVERYTHING
from tiendo_runtime.authentication import Caller, Scope
from tiendo_runtime.web import requires, requires_sender

READER: Final = requires(Scope.READ, Scope.PUBLISH)
"""Whoever may read, or publish, reads lists."""
_PUBLISHER: Final = requires_sender(Scope.PUBLISH)


async def _side(request: Request, caller: Annotated[Caller, Depends(READER)]) -> QuerySide:
    return query_side_of(request, caller.sight)


async def _publications(request: Request, caller: Annotated[Caller, Depends(_PUBLISHER)]) -> Publications:
    return publications_of(request, caller)


def publications_of(request: Request, caller: Caller) -> Publications:
    """What takes steps for the caller."""
    return Publications(everything=everything_of(request), seen=query_side_of(request, caller.sight), caller=caller)


def everything_of(request: Request) -> QuerySide:
    """What shows everything: lists are made of it, and anybody may ask for the proof of a fact."""
    return query_side_of(request, EVERYTHING)


ListsSideParameter = Annotated[QuerySide, Depends(_side)]
PublicationsParameter = Annotated[Publications, Depends(_publications)]
