"""`POST /v1/events`: one event, a batch, or a stream, answered when what was accepted is durable."""

import asyncio
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Any
from uuid import uuid4

import orjson
import structlog
from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import JSONResponse

from tiendo_contracts.events.case_events import EVENT_SIZE_MAX, too_large
from tiendo_contracts.problems.problem_documents import Language, ProblemKind, Refusal, status_of
from tiendo_ingest.bodies.binary_mode import event_text, is_binary
from tiendo_ingest.bodies.body_media_types import MediaType, is_packed, media_type_of, without_attributes
from tiendo_ingest.bodies.open_streams import while_valid
from tiendo_ingest.bodies.request_bodies import body_pieces, whole_body
from tiendo_ingest.bodies.streaming import CHUNK_EVENTS_MAX, StreamIntake
from tiendo_ingest.ingest_state import Ingest, ingest_of
from tiendo_ingest.intake import BUSY_SECONDS_MAX
from tiendo_ingest.judging.checked_event import Sent
from tiendo_ingest.judging.checking import checked_batch, checked_text
from tiendo_ingest.judging.entitlement import Sender
from tiendo_ingest.routes.documentation import EVENTS_ANSWERS, EVENTS_BODY
from tiendo_ingest.routes.receipts import Receipt, ReceiptTally, Refused, entry, kept_as, not_kept
from tiendo_ingest.taking import take_events
from tiendo_runtime.authentication import Key, Scope
from tiendo_runtime.web import language_of, requires_sender, running_of
from tiendo_runtime.web.access import current_session
from tiendo_runtime.web.problem_answers import problem_response

BATCH_SIZE_MAX = 10 * 1024 * 1024
_UNPARSEABLE = 400
_WHOLE_BODY = frozenset({_UNPARSEABLE, 413})
_CUT_SHORT = frozenset({_UNPARSEABLE, 401})
"""Of a stream that ends so, what was complete is taken, and the answer counts it."""


SenderParameter = Annotated[Sender, Depends(requires_sender(Scope.INGEST, Scope.EXPLAIN, Scope.DECIDE))]
"""Who sends; of which kinds is judged event by event."""

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
async def post_events(request: Request, sender: SenderParameter) -> Response:
    """Take one event, a batch or an NDJSON stream, as Content-Type says; good events are stored even where others are refused.

    With `application/json` one event in the binary mode of CloudEvents: the body is its data, everything else a header `ce-…`.
    """
    media_type = media_type_of(request.headers.getlist("content-type"))
    is_packed(request.headers.getlist("content-encoding"))
    match media_type:
        case MediaType.EVENT | MediaType.BINARY:
            return await _single_answer(request, sender, media_type)
        case MediaType.BATCH:
            return await _batch_answer(request, sender)
        case MediaType.STREAM:
            return await _stream_answer(request, sender)


async def _single_answer(request: Request, sender: Sender, media_type: MediaType) -> Response:
    """The answer to a body that is one event: its receipt, or the problem document itself."""
    receipt = await single_receipt(request, sender, media_type)
    language = language_of(request)
    if isinstance(receipt, Refused):
        return refused_answer(receipt, language)
    return _json_answer(entry(receipt, language))


def refused_answer(receipt: Refused, language: Language) -> Response:
    """The problem document of one event: what is wrong with it, and whether it is kept."""
    refusal = receipt.refusal if receipt.rejection is not None else not_kept(receipt.refusal)
    return problem_response(refusal, language, kept_as(receipt))


async def single_receipt(request: Request, sender: Sender, media_type: MediaType) -> Receipt:
    """What became of the one event in the body; raises `Refusal` when the body is refused as a whole."""
    if media_type is MediaType.BINARY and not is_binary(request.headers.raw):
        raise without_attributes()
    body = await whole_body(request, size_max=EVENT_SIZE_MAX, too_large=too_large(EVENT_SIZE_MAX + 1))
    sent = _single(request, body, sender, media_type)
    if isinstance(sent.content, Refusal) and status_of(sent.content.kind) in _WHOLE_BODY:
        raise sent.content
    receipts = await take_events(ingest_of(request), sender, [sent], request=uuid4().hex, address=_address(request))
    return receipts[0]


def _single(request: Request, body: bytes, sender: Sender, media_type: MediaType) -> Sent:
    if media_type is not MediaType.BINARY:
        return checked_text(0, body, sender)
    try:
        text = event_text(request.headers.raw, body)
    except Refusal as refusal:
        return Sent(0, body, None, refusal)
    return checked_text(0, text.encode(), sender)


async def _batch_answer(request: Request, sender: Sender) -> Response:
    body = await whole_body(
        request,
        size_max=BATCH_SIZE_MAX,
        too_large=Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": BATCH_SIZE_MAX}),
    )
    sent = await _divided(ingest_of(request), body, sender)
    tally = ReceiptTally(uuid4().hex)
    for start in range(0, len(sent), CHUNK_EVENTS_MAX):
        chunk = sent[start : start + CHUNK_EVENTS_MAX]
        tally.add(await _take(ingest_of(request), sender, tally.request, chunk))
    return await asyncio.to_thread(_tally_answer, request, tally)


async def _divided(ingest: Ingest, body: bytes, sender: Sender) -> list[Sent]:
    """All events of a batch, checked; in a thread, so that other requests have their turn meanwhile."""
    async with ingest.dividing:
        return await asyncio.to_thread(checked_batch, body, sender)


async def _stream_answer(request: Request, sender: Sender) -> Response:
    tally = ReceiptTally(uuid4().hex)
    take = partial(_take, ingest_of(request), sender, tally.request)
    still_valid = partial(_is_still_valid, request, sender)
    try:
        await StreamIntake(sender, take, tally).run(while_valid(body_pieces(request), still_valid))
    except Refusal as refusal:
        if status_of(refusal.kind) not in _CUT_SHORT:
            raise
        return problem_response(refusal, language_of(request), tally.figures())
    return await asyncio.to_thread(_tally_answer, request, tally)


async def _take(ingest: Ingest, sender: Sender, request: str, sent: Sequence[Sent]) -> list[Receipt]:
    return await take_events(ingest, sender, sent, request=request, busy_seconds_max=BUSY_SECONDS_MAX)


async def _is_still_valid(request: Request, sender: Sender) -> bool:
    """Whether the key is valid, or the session goes on, at this moment."""
    if isinstance(sender, Key):
        return await running_of(request).keys.is_valid(sender.key_id)
    return await current_session(request) is not None


def _address(request: Request) -> str:
    """The address that was asked, as the access log names it."""
    path: str = request.scope["route"].path
    return path


def _tally_answer(request: Request, tally: ReceiptTally) -> Response:
    language = language_of(request)
    answer: dict[str, Any] = tally.answer(language)
    if answer["rejected"]:
        _journal.info("events refused", **{name: answer[name] for name in _TOLD})
    if (refusal := tally.first_not_kept) is not None:
        return problem_response(not_kept(refusal), language, answer)
    return _json_answer(answer, status=207 if answer["rejected"] else 200)


def _json_answer(answer: dict[str, Any], *, status: int = 200) -> Response:
    return Response(orjson.dumps(answer), status_code=status, media_type="application/json")
