"""`/v1/rejections`: what was refused and why, and sending it again, mended."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from tiendo_contracts.kept_refusals import told_refusal
from tiendo_contracts.problems.problem_documents import Language, Problem
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store import LogUnavailable, Rejection
from tiendo_ingest.bodies.body_media_types import MediaType, media_type_of
from tiendo_ingest.ingest_state import ingest_of
from tiendo_ingest.intake import log_unavailable
from tiendo_ingest.judging.entitlement import Sender
from tiendo_ingest.routes.documentation import RESUBMISSION_ANSWERS, RESUBMISSION_BODY
from tiendo_ingest.routes.events_route import refused_answer, single_receipt
from tiendo_ingest.routes.receipts import Refused, entry
from tiendo_runtime.authentication import Caller, Scope
from tiendo_runtime.web import language_of, requires, requires_sender

_ID_MAX = 2**63 - 1

Reader = Annotated[Caller, Depends(requires(Scope.INGEST, Scope.EXPLAIN, Scope.DECIDE, Scope.READ, Scope.ADMIN))]
Mender = Annotated[Sender, Depends(requires_sender(Scope.INGEST, Scope.EXPLAIN, Scope.DECIDE))]
"""Sends like any other event; with the scope admin besides also what another key sent."""
After = Annotated[int, Query(ge=0, le=_ID_MAX, description="number of the last entry seen")]
Limit = Annotated[int, Query(ge=1, le=1_000)]
OfRequest = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="`request` of an answer: only what it refused")
]
Number = Annotated[int, Path(ge=1, le=_ID_MAX, description="number of the rejection")]

router = APIRouter(tags=["events in"])


class RejectionEntry(BaseModel):
    """One refused event."""

    id: int
    received_at: datetime
    request: str | None = Field(description="`request` of the answer that refused it")
    index: int | None = Field(description="its place in that request, from 0")
    raw: str | None = Field(
        description="what was sent, at most 64 KiB of it; null for others than the key that sent it and `admin`, and after 30 days"
    )
    digest: str = Field(description="SHA-256 of what was sent, in hexadecimal digits")
    problem: Problem
    resubmitted_at: datetime | None = Field(description="when it was sent again, mended")
    resubmitted_position: int | None = Field(description="where the mended event stands in the log")


class RejectionPage(BaseModel):
    """Refused events by rising number."""

    rejections: list[RejectionEntry]
    next: int = Field(description="what to send as `after` for the next page")


@router.get("/v1/rejections", summary="What was refused, and why")
async def get_rejections(
    request: Request,
    reader: Reader,
    after: After = 0,
    limit: Limit = 100,
    of_request: Annotated[OfRequest, Query(alias="request")] = None,
) -> RejectionPage:
    """List refused events; the raw text is shown to the key that sent it and to `admin`. Who is bound to units sees what they sent themselves."""
    try:
        found = await ingest_of(request).rejections.after(after, limit, of_request, key_id=_alone(reader))
    except LogUnavailable as error:
        raise log_unavailable(error) from None
    entries = [_entry(each, reader, language_of(request)) for each in found]
    return RejectionPage(rejections=entries, next=found[-1].id if found else after)


@router.post(
    "/v1/rejections/{rejection_id}/resubmit",
    summary="Send a refused event again, mended",
    response_class=JSONResponse,
    responses=RESUBMISSION_ANSWERS,
    openapi_extra=RESUBMISSION_BODY,
)
async def resubmit(request: Request, mender: Mender, rejection_id: Number) -> Response:
    """Take the mended event as `POST /v1/events` takes one event, within what the key may send, and note on the rejection that it was mended."""
    media_type = media_type_of(request.headers.getlist("content-type"), [MediaType.EVENT, MediaType.BINARY])
    rejections = ingest_of(request).rejections
    try:
        rejection = await rejections.get(rejection_id)
        _refuse_others(rejection, mender)
        receipt = await single_receipt(request, mender, media_type)
        if isinstance(receipt, Refused):
            return refused_answer(receipt, language_of(request))
        await rejections.mark_resubmitted(rejection_id, receipt.position)
    except LogUnavailable as error:
        raise log_unavailable(error) from None
    return JSONResponse(entry(receipt, language_of(request)))


def _refuse_others(rejection: Rejection | None, mender: Sender) -> None:
    if rejection is None:
        raise Refusal(ProblemKind.REJECTION_UNKNOWN)
    if not _may_see(rejection, mender):
        raise Refusal(ProblemKind.REJECTION_OF_ANOTHER_KEY)


def _may_see(rejection: Rejection, caller: Caller) -> bool:
    return Scope.ADMIN in caller.scopes or rejection.key_id == caller.entered_by


def _alone(reader: Caller) -> str | None:
    """Whose refusals alone are shown: a reason names what was sent, and a refused event is of no case that anybody could be seen to see."""
    return None if Scope.ADMIN in reader.scopes or reader.sight.units is None else reader.entered_by


def _entry(rejection: Rejection, reader: Caller, language: Language) -> RejectionEntry:
    shown = rejection.raw if _may_see(rejection, reader) else None
    return RejectionEntry(
        id=rejection.id,
        received_at=rejection.received_at,
        request=rejection.request,
        index=rejection.index,
        raw=None if shown is None else shown.decode(errors="backslashreplace"),
        digest=rejection.digest.hex(),
        problem=Problem.model_validate(told_refusal(rejection.problem, language)),
        resubmitted_at=rejection.resubmitted_at,
        resubmitted_position=rejection.resubmitted_position,
    )
