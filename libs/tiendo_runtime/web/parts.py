"""The parts that a service is made of, and what they share while it runs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CollectorRegistry
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_runtime.access_notes import AccessNotes
from tiendo_runtime.authentication import KeyStore
from tiendo_runtime.authentication.sessions import SessionStore
from tiendo_runtime.authentication.sign_in_links import SignInLinks
from tiendo_runtime.openid.issued_sessions import IssuedSessions
from tiendo_runtime.openid.people_by_issuer import PeopleByIssuer
from tiendo_runtime.settings import Settings
from tiendo_runtime.web.progress_metrics import ProgressMetrics
from tiendo_runtime.web.request_limits import RequestLimits

ProblemPage = Callable[[Request, Refusal], Awaitable[Response]]
"""Answers the page of a refusal in a browser, with its status and headers."""

Check = Callable[[], Awaitable[str | None]]
"""Answers None when all is well, else what is missing."""

CHECK_SECONDS: Final = 5.0
"""How long one check may take before it counts as failed."""


class Readiness:
    """What must hold before the service takes requests: checks by name, registered by the parts."""

    def __init__(self) -> None:
        self._checks: dict[str, Check] = {}

    def add(self, name: str, check: Check) -> None:
        """Register a check; a second one of the same name takes its place."""
        self._checks[name] = check

    async def missing(self) -> dict[str, str]:
        """Name of the check -> what is missing; empty when the service is ready."""
        names = list(self._checks)
        found = await asyncio.gather(*(_outcome(self._checks[name]) for name in names))
        return {name: reason for name, reason in zip(names, found, strict=True) if reason is not None}


async def _outcome(check: Check) -> str | None:
    try:
        async with asyncio.timeout(CHECK_SECONDS):
            return await check()
    except Exception:  # noqa: BLE001 - whatever a check fails with, the service is not ready
        return "does not answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What the parts of a running service share. `registry` holds the metrics that /metrics shows.

    `engine` connects as the role of the part that it was given to.
    """

    settings: Settings
    engine: AsyncEngine
    keys: KeyStore
    access: AccessNotes
    limits: RequestLimits
    sessions: SessionStore
    links: SignInLinks
    people: PeopleByIssuer | None
    issued_sessions: IssuedSessions
    registry: CollectorRegistry
    progress: ProgressMetrics
    readiness: Readiness = field(default_factory=Readiness)


@dataclass(frozen=True, slots=True, kw_only=True)
class ServicePart:
    """One part of a service: its routes, what must be open while they answer, and how problems look in a browser, if it says so.

    `role` is whom it logs in to the database as.
    `open_to_all`: addresses of its own (`GET /…`) that have no guard, and why (see `web/route_guards.py`).
    """

    name: str
    role: DatabaseRole
    router: APIRouter
    lifespan: Callable[[FastAPI, Running], AbstractAsyncContextManager[None]]
    problem_page: ProblemPage | None = None
    open_to_all: Mapping[str, str] = field(default_factory=dict)


def running_of(request: Request) -> Running:
    """What the parts share, as seen from a request."""
    running = request.app.state.running
    assert isinstance(running, Running)  # noqa: S101 - set by the service's lifespan before any request
    return running


def stopping_of(request: Request) -> asyncio.Event:
    """What is set once the service is asked to stop, for answers that go on until something happens; never set where nobody asks it to."""
    stopping = getattr(request.app.state, "stopping", None)
    return stopping if isinstance(stopping, asyncio.Event) else asyncio.Event()
