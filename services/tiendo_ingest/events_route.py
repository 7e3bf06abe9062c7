"""`POST /v1/events`: one event, a batch, or a stream, answered when what was accepted is durable."""

import asyncio
import json
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any
from uuid import uuid4

import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from tiendo_contracts.case_events import EVENT_SIZE_MAX, too_large
from tiendo_contracts.problems import ProblemKind, Refusal, status_of
from tiendo_ingest.bodies import body_pieces, whole_body
from tiendo_ingest.checking import Sent, checked_batch, checked_text
from tiendo_ingest.documentation import EVENTS_ANSWERS, EVENTS_BODY
from tiendo_ingest.intake import BUSY_SECONDS_MAX
from tiendo_ingest.media_types import MediaType, is_packed, media_type_of
from tiendo_ingest.receipts import Receipt, Refused, Tally, entry
from tiendo_ingest.running import Ingest, ingest_of
from tiendo_ingest.streaming import CHUNK_EVENTS_MAX, StreamIntake
from tiendo_runtime.authentication import Key, Scope
from tiendo_runtime.web import language_of, requires
from tiendo_runtime.web.problem_answers import problem_response

BATCH_SIZE_MAX = 10 * 1024 * 1024
_UNPARSEABLE = 400
_WHOLE_BODY = frozenset({_UNPARSEABLE, 413})

Sender = Annotated[Key, Depends(requires(Scope.INGEST))]

_TOLD = ("accepted", "duplicates", "rejected", "request")

_journal = structlog.get_logger("tiendo.ingest")

router = APIRouter(tags=["events in"])


@router.post(
    "/v1/events",
    summary="Send events",
    response_class=JSONResponse,
    responses=EVENTS_ANSWERS,
    openapi_extra=EVENTS_BODY,
)
async def post_events(request: Request, sender: Sender) -> Response:
    """Take one event, a batch or an NDJSON stream, as Content-Type says; good events are stored even where others are refused."""
    media_type = media_type_of(request.headers.getlist("content-type"))
    is_packed(request.headers.getlist("content-encoding"))
    match media_type:
        case MediaType.EVENT:
            return await single_answer(request, sender)
        case MediaType.BATCH:
            return await _batch_answer(request, sender)
        case MediaType.STREAM:
            return await _stream_answer(request, sender)


async def single_answer(request: Request, sender: Key) -> Response:
    """The answer to a body that is one event: its receipt, or the problem document itself."""
    receipt = await single_receipt(request, sender)
    language = language_of(request)
    if isinstance(receipt, Refused):
        return problem_response(receipt.refusal, language, {"rejection": receipt.rejection})
    return JSONResponse(entry(receipt, language))


async def single_receipt(request: Request, sender: Key) -> Receipt:
    """What became of the one event in the body; raises `Refusal` when the body is refused as a whole."""
    body = await whole_body(request, size_max=EVENT_SIZE_MAX, too_large=too_large(EVENT_SIZE_MAX + 1))
    sent = checked_text(0, body, sender)
    if isinstance(sent.content, Refusal) and status_of(sent.content.kind) in _WHOLE_BODY:
        raise sent.content
    receipts = await _take(ingest_of(request), sender, uuid4().hex, 0.0, [sent])
    return receipts[0]


async def _batch_answer(request: Request, sender: Key) -> Response:
    body = await whole_body(
        request,
        size_max=BATCH_SIZE_MAX,
        too_large=Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": BATCH_SIZE_MAX}),
    )
    sent = await _divided(ingest_of(request), body, sender)
    tally = Tally(uuid4().hex)
    for start in range(0, len(sent), CHUNK_EVENTS_MAX):
        chunk = sent[start : start + CHUNK_EVENTS_MAX]
        tally.add(await _take(ingest_of(request), sender, tally.request, BUSY_SECONDS_MAX, chunk))
    return _tally_answer(request, tally)


async def _divided(ingest: Ingest, body: bytes, sender: Key) -> list[Sent]:
    """All events of a batch, checked; in a thread, so that other requests have their turn meanwhile."""
    async with ingest.dividing:
        return await asyncio.to_thread(lambda: list(checked_batch(body, sender)))


async def _stream_answer(request: Request, sender: Key) -> Response:
    tally = Tally(uuid4().hex)
    take = partial(_take, ingest_of(request), sender, tally.request, BUSY_SECONDS_MAX)
    try:
        await StreamIntake(sender, take, tally).run(body_pieces(request))
    except Refusal as refusal:
        if status_of(refusal.kind) != _UNPARSEABLE:
            raise
        return problem_response(refusal, language_of(request), tally.figures())
    return _tally_answer(request, tally)


async def _take(
    ingest: Ingest, sender: Key, request: str, busy_seconds_max: float, sent: Sequence[Sent]
) -> list[Receipt]:
    receipts = await ingest.intake.take(sent, key_id=sender.key_id, request=request, busy_seconds_max=busy_seconds_max)
    ingest.count(receipts)
    return receipts


def _tally_answer(request: Request, tally: Tally) -> Response:
    answer: dict[str, Any] = tally.answer(language_of(request))
    if answer["rejected"]:
        _journal.info("events refused", **{name: answer[name] for name in _TOLD})
    text = json.dumps(answer, ensure_ascii=False, separators=(",", ":"))
    return Response(text, status_code=207 if answer["rejected"] else 200, media_type="application/json")
