"""Addresses for those who operate the service: alive, ready, metrics; they need no key."""

from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from pydantic import BaseModel, Field

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_runtime.web.language import language_of
from tiendo_runtime.web.parts import running_of
from tiendo_runtime.web.problem_answers import RETRY_SECONDS, problem_response

router: Final = APIRouter(tags=["operation"])


class Alive(BaseModel):
    """The process answers."""

    status: str = Field(default="alive", examples=["alive"])


class Ready(BaseModel):
    """The service takes requests."""

    status: str = Field(default="ready", examples=["ready"])


@router.get("/healthz", summary="Whether the process is alive")
async def healthz() -> Alive:
    """Answer as long as the process can answer at all."""
    return Alive()


@router.get("/readyz", summary="Whether the service is ready", response_model=Ready)
async def readyz(request: Request) -> Response:
    """200 when everything that the service needs answers, else 503 with what is missing."""
    missing = await running_of(request).readiness.missing()
    if not missing:
        return JSONResponse(Ready().model_dump())
    refusal = Refusal(ProblemKind.NOT_READY, headers={"Retry-After": str(RETRY_SECONDS)})
    return problem_response(refusal, language_of(request), {"missing": missing})


@router.get("/metrics", summary="Metrics for Prometheus", response_class=Response)
async def metrics(request: Request) -> Response:
    """The metrics of this process in Prometheus' text format."""
    running = running_of(request)
    await running.progress.refresh(running.engine)
    return Response(generate_latest(running.registry), media_type=CONTENT_TYPE_LATEST)
