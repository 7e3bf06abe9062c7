"""The log itself: events as they were accepted, in order of position."""

import json
from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.log_entries import LogPage
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store.stored import ProvenEvent
from tiendo_query.answering.answers import CaseId, QuerySideParameter, documented, query_router
from tiendo_query.query_side import LogEntries
from tiendo_query.questions.parameters import LogPageSize, PositionParameter
from tiendo_query.questions.strict_routes import Parameters

router: Final = query_router("log")


class LogParameters(Parameters):
    """Where to go on reading, and how far."""

    after: PositionParameter = Field(default=0, description="entries behind this position; `next` of the answer before")
    limit: LogPageSize = Field(default=100, description="entries in an answer")


class CaseLogParameters(Parameters):
    """Where to go on reading, and how far."""

    after: PositionParameter = Field(default=0, description="entries behind this position; `next` of the answer before")
    limit: LogPageSize = Field(default=1_000, description="entries in an answer")


@router.get(
    "/events",
    summary="The log from a position on",
    response_model=LogPage,
    responses=documented(marked=False),
    operation_id="read_log",
)
async def read_log(side: QuerySideParameter, asked: Annotated[LogParameters, Query()]) -> Response:
    """Every event behind `after`, rising; nothing is ever missing below `next`. At the end the list is empty and `next` stays."""
    return _page(await side.log_page(asked.after, asked.limit))


@router.get(
    "/cases/{case_id}/events",
    summary="The events of one case",
    response_model=LogPage,
    responses=documented(404, marked=False),
    operation_id="read_case_log",
)
async def read_case_log(
    case_id: CaseId, side: QuerySideParameter, asked: Annotated[CaseLogParameters, Query()]
) -> Response:
    """The entries of the log that are about the case, under whichever of its codes, rising."""
    found = await side.case_entries(case_id, asked.after, asked.limit)
    if found is None:
        raise Refusal(ProblemKind.CASE_UNKNOWN, field="case_id")
    return _page(found)


def _page(found: LogEntries) -> Response:
    """The page, each event as the very text that was accepted."""
    entries = ",".join(map(_entry, found.entries))
    return Response(f'{{"events":[{entries}],"next":{found.next}}}', media_type="application/json")


def _entry(entry: ProvenEvent) -> str:
    place = f'"position":{entry.position},"ingested_at":"{entry.ingested_at.isoformat()}"'
    proof = f'"digest":{_hex(entry.digest)},"salt":{_hex(entry.salt)}'
    if entry.redacted is None:
        return f'{{{place},{proof},"redacted":null,"commitment":null,"event":{entry.text}}}'
    kept = f'"redacted":{json.dumps(entry.redacted)},"commitment":{_hex(entry.commitment)}'
    return f'{{{place},{proof},{kept},"event":{entry.text}}}'


def _hex(value: bytes | None) -> str:
    return "null" if value is None else f'"{value.hex()}"'
