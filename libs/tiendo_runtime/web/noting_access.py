"""What was looked at or changed over HTTP, by whom: noted of every address that has a guard, so that a new one cannot forget it."""

from datetime import UTC, datetime
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tiendo_event_store.access_log import AccessEntry, AccessKind
from tiendo_runtime.authentication import Caller
from tiendo_runtime.web.route_guards import CALLER

_OF_NOBODY: Final = frozenset(
    {
        *(
            "/v1/units",
            "/v1/units/{unit_id}",
            "/v1/indicators",
            "/v1/report",
            "/v1/quality",
            "/v1/difficulties",
            "/v1/access-log",
        ),
        *("/v1/breakdown", "/v1/flows", "/v1/procedures", "/v1/procedures/{procedure_id}"),
        *("/v1/forms/ii06a", "/v1/forms/qd766"),
        *("/procedures", "/procedures/{procedure_id:path}", "/flows", "/sources", "/rule-book", "/glossary"),
        *("/docs", "/openapi.json", "/asyncapi.json", "/live"),
    }
)
"""Addresses that show no person and no case."""

_EVENTS_IN: Final = frozenset(
    {
        *("/v1/events", "/v1/rejections/{rejection_id}/resubmit"),
        *(f"/desk/{form}/{{case_id:path}}" for form in ("explain", "withdraw", "decide")),
    }
)
"""Addresses to which events are sent: what becomes of them stands in the log itself."""

_TRIED: Final = frozenset({"/administration"})
"""Addresses to which something is sent that changes nothing: what they show is looked at."""

_FORMS: Final = frozenset({"/desk/publications", "/desk/publications/{publication_id}/{step}"})
"""Addresses of forms with a second step: what is sent to them is shown again, with whom it names, until it is confirmed and leads elsewhere."""

_CHANGED: Final = {"/v1/directory": AccessKind.RULES}
_NAMED: Final = {"case_id": AccessKind.CASE, "officer_id": AccessKind.OFFICER}
_SUBJECT_LENGTH_MAX: Final = 500
_REFUSED: Final = 400
_FORM_REFUSED: Final = 422
_SHOWN: Final = frozenset({200, _FORM_REFUSED})


class NotingAccess:
    """The innermost layer of a service: it sees who was let in, at which address, and whether there was an answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, and note it as soon as its answer begins."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_answered(scope, message["status"]):
                entry = _entry(scope, is_page=message["status"] in _SHOWN)
                if entry is not None:
                    scope["app"].state.running.access.note(entry)
            await send(message)

        await self._app(scope, receive, noted)


def _is_answered(scope: Scope, status: int) -> bool:
    """Whether something was shown or changed: a form that is refused is shown again, with whom it names."""
    return status < _REFUSED or (status == _FORM_REFUSED and _address(scope) in _FORMS)


def _address(scope: Scope) -> str:
    return getattr(scope.get("route"), "path", "")


def _entry(scope: Scope, *, is_page: bool) -> AccessEntry | None:
    """What is noted of the request, which was answered with what it shows if `is_page`; None where nobody named asked, or nothing is shown or changed."""
    caller: Caller | None = scope.get("state", {}).get(CALLER)
    address = _address(scope)
    if caller is None:
        return None
    looks = scope["method"] == "GET" or address in _TRIED or (is_page and address in _FORMS)
    seen = _looked_at(scope, address) if looks else _changed(address)
    if seen is None:
        return None
    kind, subject = seen
    return AccessEntry(
        at=datetime.now(UTC), who=caller.entered_by, name=caller.name, kind=kind, subject=subject, address=address
    )


def _looked_at(scope: Scope, address: str) -> tuple[AccessKind, str] | None:
    parameters: dict[str, Any] = scope.get("path_params", {})
    for name, kind in _NAMED.items():
        if name in parameters:
            return kind, _storable(str(parameters[name]))
    return None if address in _OF_NOBODY else (AccessKind.LIST, address)


def _changed(address: str) -> tuple[AccessKind, str] | None:
    return None if address in _EVENTS_IN else (_CHANGED.get(address, AccessKind.OTHER_CHANGE), address)


def _storable(text: str) -> str:
    """The text as the database can keep it."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:_SUBJECT_LENGTH_MAX]
