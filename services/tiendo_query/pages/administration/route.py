"""The addresses of administration."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response

from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_event_store.access_log.reading import AskedAccess, entries_before
from tiendo_query.answers import query_side_of
from tiendo_query.bound_side import EVERYTHING
from tiendo_query.pages.administration.view import (
    ENTRIES_SHOWN,
    AdministrationView,
    Trial,
    fact_rows,
    key_rows,
    role_rows,
    rule_counts,
    tried,
)
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import page_router
from tiendo_query.pages.rendering import Frame, rendered
from tiendo_query.periods import shown
from tiendo_query.strict_routes import Parameters
from tiendo_runtime.authentication import Caller
from tiendo_runtime.web import reads_the_access_log, running_of, visitor_of_administration
from tiendo_runtime.web.form_fields import form_fields

router: Final = page_router()
Administrator = Annotated[Caller, Depends(visitor_of_administration)]
_BODY_MAX: Final = 256 * 1024
_FIELDS_MAX: Final = 4


class NoParameters(Parameters):
    """The address takes none."""


@router.get("/administration")
async def administration(
    request: Request, session: Administrator, asked: Annotated[LookingParameters, Query()]
) -> Response:
    """Keys, roles, the rules in force and their history; for operators and auditors, for these the newest entries of the access log too."""
    return await _page(request, session, asked, None)


@router.post("/administration")
async def try_rules(request: Request, session: Administrator, _: Annotated[NoParameters, Query()]) -> Response:
    """The same, with what a change of rules would do; nothing is changed."""
    text = form_fields(await _body(request), _FIELDS_MAX).get("rules", "")
    return await _page(request, session, LookingParameters(), text.replace("\r\n", "\n"))


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            raise Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": _BODY_MAX})
    return body


async def _entries(request: Request, session: Caller) -> Sequence[Mapping[str, Any]] | None:
    """The newest entries of the access log; None for who may not read it."""
    if not reads_the_access_log(session):
        return None
    return await entries_before(running_of(request).engine, AskedAccess(), None, ENTRIES_SHOWN)


async def _page(request: Request, session: Caller, asked: LookingParameters, rules: str | None) -> Response:
    side = query_side_of(request, EVERYTHING)
    now = side.now()
    async with side.snapshot() as snapshot:
        trial: Trial | None = None if rules is None else await tried(snapshot, rules)
        facts = await side.log.directory_facts()
        zone = snapshot.zone
        view = AdministrationView(
            keys=key_rows(await running_of(request).keys.list(), zone, now),
            roles=role_rows(),
            entries=await _entries(request, session),
            facts=fact_rows(facts, zone),
            fact_count=len(facts),
            counts=rule_counts(snapshot.rules),
            trial=trial,
        )
        frame = Frame(
            caller=session,
            simulated=False,
            position=snapshot.reader.position,
            as_of=shown(now, zone),
            kept_as_of=None,
            looking=asked.looking,
        )
    return rendered(request, "administration/page.html", frame, view)
