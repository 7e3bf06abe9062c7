"""`/v1/sources/national`: the national progress format, as the province's systems already send it."""

import asyncio
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from fastapi import APIRouter, Request, Response

from tiendo_contracts.problems.problem_documents import Language, status_of
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store.faults import DATABASE_FAULTS
from tiendo_ingest.bodies.request_bodies import whole_body
from tiendo_ingest.ingest_state import ingest_of
from tiendo_ingest.national.national_sender import logged_in, sender_of, source_of, unknown_sender
from tiendo_ingest.national.national_taking import Records, keep_refused, take_records
from tiendo_ingest.routes.documentation import (
    NATIONAL_BODY,
    NATIONAL_LOGIN_ANSWERS,
    NATIONAL_LOGIN_BODY,
    NATIONAL_RECORD_ANSWERS,
)
from tiendo_runtime.authentication import Key
from tiendo_runtime.web import language_of, running_of
from tiendo_runtime.web.problem_answers import answered_kind, refusal_of
from tiendo_sources.national.arrival import Arrival
from tiendo_sources.national.reader import UNIT_PARAMETER, Message, read_login, read_message
from tiendo_sources.national.replies import answer, refused_answer, session_answer
from tiendo_sources.national.translation import SERVICES

BODY_SIZE_MAX = 32 * 1024 * 1024
_LOGIN_SIZE_MAX = 64 * 1024
_NO_LOGIN = {422: 400}
"""A login that cannot be read is a bad request."""
_NO_MESSAGE = {400: 200, 422: 200}
"""Once the caller is known the answer is 200, and its members say that the message cannot be read; only of a body of which nothing came it is 400."""

_journal = structlog.get_logger("tiendo.ingest")

router = APIRouter(tags=["events in, in the format of a source"], prefix="/v1/sources/national")


@router.post(
    "/login",
    summary="Log in, to send the national format",
    responses=NATIONAL_LOGIN_ANSWERS,
    openapi_extra=NATIONAL_LOGIN_BODY,
    response_class=Response,
)
async def post_login(request: Request) -> Response:
    """Give a session of 30 minutes for a key id and its key, to be named as `session` in the envelope."""
    return await _answered(request, _login(request), _NO_LOGIN)


@router.post(
    "",
    summary="Send an envelope of the national format",
    responses=NATIONAL_RECORD_ANSWERS,
    openapi_extra=NATIONAL_BODY,
    response_class=Response,
)
async def post_envelope(request: Request) -> Response:
    """Take the dossiers or progress rows of an envelope, each by itself: records beside a bad one are taken."""
    return await _answered(request, _take(request, service=None), _NO_MESSAGE)


@router.post(
    "/{service}",
    summary="Send records of the national format without an envelope",
    responses=NATIONAL_RECORD_ANSWERS,
    openapi_extra=NATIONAL_BODY,
    response_class=Response,
)
async def post_records(request: Request, service: str) -> Response:
    """Take the bare array of records of the service that the address names, each by itself."""
    return await _answered(request, _take(request, service=service), _NO_MESSAGE)


async def _answered(request: Request, work: Awaitable[Mapping[str, Any]], statuses: Mapping[int, int]) -> Response:
    """The answer in the format, also where the message is refused as a whole; `statuses` are those that the format has in place of others."""
    try:
        return _json(await work)
    except (Refusal, *DATABASE_FAULTS) as error:
        refusal = refusal_of(error)
        answered_kind.set(refusal.kind)
        members = refused_answer(refusal, language_of(request, Language.VIETNAMESE))
        status = status_of(refusal.kind)
        if refusal.kind is not ProblemKind.BODY_MISSING:
            status = statuses.get(status, status)
        return _json(members, status=status, headers=refusal.headers)


def _json(members: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    body = orjson.dumps(members)
    return Response(body, status_code=status, media_type="application/json", headers=dict(headers or {}))


async def _login(request: Request) -> Mapping[str, Any]:
    body = await _body(request, _LOGIN_SIZE_MAX)
    return session_answer(await logged_in(running_of(request).keys, *read_login(body)))


async def _take(request: Request, *, service: str | None) -> Mapping[str, Any]:
    """What became of the records of a message; raises `Refusal` where it is refused as a whole."""
    sender = await sender_of(request)
    if service is not None and sender is not None:
        _refuse_unknown(service)
    ingest = ingest_of(request)
    body = await _body(request, BODY_SIZE_MAX)
    unit = request.query_params.get(UNIT_PARAMETER)
    try:
        async with ingest.dividing:
            message = await asyncio.to_thread(read_message, body, service=service, unit=unit)
    except Refusal as refusal:
        if sender is None:  # who sends it would stand in it
            raise unknown_sender() from refusal
        raise
    del body
    sender = sender or await sender_of(request, session=message.session)
    assert sender is not None  # noqa: S101 - with a session it is found or refused
    _refuse_unknown(message.service)
    return await _taken(request, sender, message)


async def _taken(request: Request, sender: Key, message: Message) -> Mapping[str, Any]:
    ingest = ingest_of(request)
    arrival = Arrival(
        source=source_of(sender),
        unit=message.unit,
        received_at=datetime.now(UTC),
        sent_at=message.sent_at,
        history_until=sender.history_until,
        directory=await ingest.directory.now(),
    )
    records = Records.of_message(message, arrival)
    outcomes = await take_records(ingest, ingest.engine, sender, records)
    await keep_refused(ingest, ingest.engine, sender, records, outcomes)
    refused = sum(isinstance(outcome, Refusal) for outcome in outcomes.values())
    if refused:
        _journal.info("records refused", rejected=refused, records=len(message.records), request=records.request)
    return await asyncio.to_thread(answer, message.records, outcomes, language_of(request, Language.VIETNAMESE))


async def _body(request: Request, size_max: int) -> bytes:
    """The whole body; raises `Refusal` (413, 400) where it is too large, cut off, or nothing came."""
    too_large = Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": size_max})
    body = await whole_body(request, size_max=size_max, too_large=too_large)
    if not body.strip():
        raise Refusal(ProblemKind.BODY_MISSING)
    return body


def _refuse_unknown(service: str) -> None:
    if service not in SERVICES:
        raise Refusal(ProblemKind.SERVICE_UNKNOWN, field="service", values={"known": ", ".join(SERVICES)})
