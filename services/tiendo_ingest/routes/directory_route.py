"""`POST /v1/directory`: who is who, and what holds for them, as a whole or not at all (section R)."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, together
from tiendo_contracts.rules_file import RulesFileError, events_to_append
from tiendo_contracts.texts.strict_json import decode, parse_text
from tiendo_domain.rules import RuleBook
from tiendo_event_store import CoalescingWriter, EventLog, LogUnavailable
from tiendo_ingest.bodies.body_media_types import MediaType, media_type_of
from tiendo_ingest.bodies.request_bodies import whole_body
from tiendo_ingest.ingest_state import ingest_of
from tiendo_ingest.intake import log_unavailable
from tiendo_ingest.routes.documentation import DIRECTORY_ANSWERS, DIRECTORY_BODY
from tiendo_runtime.authentication import Caller, Scope
from tiendo_runtime.web import requires

BODY_SIZE_MAX = 10 * 1024 * 1024

_WHOLE = "body"

router = APIRouter(tags=["directory"])


class DirectoryReceipt(BaseModel):
    """What became of a directory that was sent."""

    facts: int = Field(ge=0, description="so many facts were new, and are in the log now")
    unchanged: int = Field(ge=0, description="so many entries say what holds already")


@router.post(
    "/v1/directory",
    summary="Say who is who: units, officers, absences, procedures, steps, calendars",
    responses=DIRECTORY_ANSWERS,
    openapi_extra=DIRECTORY_BODY,
)
async def post_directory(request: Request, _: Annotated[Caller, Depends(requires(Scope.ADMIN))]) -> DirectoryReceipt:
    """Take the tables of the rules file as JSON: each change becomes a fact of the log; as a whole or not at all."""
    _refuse_others_than_json(request)
    too_large = Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": BODY_SIZE_MAX})
    tables = _tables(await whole_body(request, size_max=BODY_SIZE_MAX, too_large=too_large))
    try:
        facts = await _taken(ingest_of(request).engine, tables)
    except RulesFileError as error:
        raise together(list(_faults(error))) from None
    except LogUnavailable as error:
        raise log_unavailable(error) from None
    return DirectoryReceipt(facts=facts, unchanged=max(0, _stated(tables) - facts))


def _refuse_others_than_json(request: Request) -> None:
    try:
        media_type_of(request.headers.getlist("content-type"), [MediaType.BINARY])
    except Refusal as refusal:
        raise Refusal(refusal.kind, field=refusal.field, values={"known": "application/json"}) from None


def _tables(body: bytes) -> Mapping[str, Any]:
    tables = parse_text(decode(body))
    if not isinstance(tables, dict):
        raise _refusal("", "is no object; send the tables of the rules file by name")
    return tables


async def _taken(engine: AsyncEngine, tables: Mapping[str, Any]) -> int:
    """The number of facts that the log lacked, and has now."""
    book = RuleBook.fold(await EventLog(engine).directory_facts())
    events = await asyncio.to_thread(events_to_append, tables, book, at=datetime.now(UTC))
    if events:
        async with CoalescingWriter(engine, batch_max=len(events)) as writer:  # all in one transaction
            await writer.append_directory(events)
    return len(events)


def _faults(error: RulesFileError) -> Iterator[Refusal]:
    return (_refusal(problem.place, problem.message) for problem in error.problems)


def _refusal(place: str, cause: str) -> Refusal:
    return Refusal(ProblemKind.DIRECTORY_REFUSED, field=place or _WHOLE, values={"cause": cause})


def _stated(tables: Mapping[str, Any]) -> int:
    """The number of entries that become facts; sessions and overrides are part of their calendar's."""
    calendars: set[object] = set()
    entries = 0
    for name, table in tables.items():
        rows: Sequence[Any] = table if isinstance(table, list) else []
        if name in _OF_CALENDARS:
            calendars |= {row[_OF_CALENDARS[name]] for row in rows}
        else:
            entries += 1 if name == "placeholders" else len(rows)
    return entries + len(calendars)


_OF_CALENDARS = {"calendar": "id", "session": "calendar", "override": "calendar"}
