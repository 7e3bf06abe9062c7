"""Signing in and out, noted in the access log: by which way, but never by which link or key."""

from datetime import UTC, datetime

from fastapi import Request

from tiendo_event_store.access_log import AccessEntry, AccessKind
from tiendo_runtime.authentication import Caller
from tiendo_runtime.web.parts import running_of


def note_sign_in(request: Request, caller: Caller) -> None:
    """Note that a session of the caller has begun."""
    _note(request, caller, AccessKind.SIGN_IN)


def note_sign_out(request: Request, caller: Caller) -> None:
    """Note that the caller has ended their sessions."""
    _note(request, caller, AccessKind.SIGN_OUT)


def _note(request: Request, caller: Caller, kind: AccessKind) -> None:
    who, address = caller.entered_by, request.scope["route"].path
    entry = AccessEntry(at=datetime.now(UTC), who=who, name=caller.name, kind=kind, subject=who, address=address)
    running_of(request).access.note(entry)
