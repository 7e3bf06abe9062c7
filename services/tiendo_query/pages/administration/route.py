"""The addresses of administration."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import Depends, Query, Request, Response

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_event_store.access_log import AccessKind
from tiendo_event_store.access_log.reading import AskedAccess, entries_before
from tiendo_query.answering.answers import query_side_of
from tiendo_query.pages.administration.in_force import rules_in_force
from tiendo_query.pages.administration.view import (
    ENTRIES_SHOWN,
    KEYS_SORTED,
    AdministrationView,
    Trial,
    fact_page,
    key_rows,
    role_rows,
    rule_counts,
    tried,
)
from tiendo_query.pages.framing import frame_of_now
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import page_router
from tiendo_query.pages.rendering import Frame, NewsOf, rendered
from tiendo_query.pages.sorted_columns import Sorts
from tiendo_query.questions.parameters import AccessNumber, PageNumber, TextParameter, one_of
from tiendo_query.questions.strict_routes import Parameters
from tiendo_query.sight.bound_side import EVERYTHING
from tiendo_runtime.authentication import Caller
from tiendo_runtime.web import reads_the_access_log, running_of, visitor_of_administration
from tiendo_runtime.web.form_fields import form_fields

router: Final = page_router()
Administrator = Annotated[Caller, Depends(visitor_of_administration)]
ACCESS_KINDS: Final = tuple(kind.value for kind in AccessKind)
_BODY_MAX: Final = 256 * 1024
_FIELDS_MAX: Final = 4


class AdministrationParameters(LookingParameters):
    """In which order the keys are, which page of the history of rules, and which entries of the access log: those with numbers below `before`."""

    sort: Annotated[str | None, *KEYS_SORTED.parameter] = None
    page: PageNumber = 1
    who: TextParameter = None
    kind: Annotated[str | None, one_of(*ACCESS_KINDS)] = None
    subject: TextParameter = None
    before: AccessNumber = None

    @property
    def access(self) -> AskedAccess:
        """Which entries."""
        return AskedAccess(
            who=self.who, kind=None if self.kind is None else AccessKind(self.kind), subject=self.subject
        )


class NoParameters(Parameters):
    """The address takes none."""


@router.get("/administration")
async def administration(
    request: Request, session: Administrator, asked: Annotated[AdministrationParameters, Query()]
) -> Response:
    """Keys, roles, the rules in force and their history; for operators and auditors, for these the newest entries of the access log too."""
    return await _page(request, session, asked, None)


@router.post("/administration")
async def try_rules(request: Request, session: Administrator, _: Annotated[NoParameters, Query()]) -> Response:
    """The same, with what a change of rules would do; nothing is changed."""
    text = form_fields(await _body(request), _FIELDS_MAX).get("rules", "")
    return await _page(request, session, AdministrationParameters(), text.replace("\r\n", "\n"))


async def _body(request: Request) -> bytes:
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _BODY_MAX:
            raise Refusal(ProblemKind.BODY_TOO_LARGE, values={"limit": _BODY_MAX})
    return body


async def _entries(
    request: Request, session: Caller, asked: AdministrationParameters
) -> Sequence[Mapping[str, Any]] | None:
    """The newest entries of the access log that were asked for, and one more where there is one; None for who may not read it."""
    if not reads_the_access_log(session):
        return None
    return await entries_before(running_of(request).engine, asked.access, asked.before, ENTRIES_SHOWN + 1)


async def _page(request: Request, session: Caller, asked: AdministrationParameters, rules: str | None) -> Response:
    side = query_side_of(request, EVERYTHING)
    now = side.now()
    async with side.snapshot() as snapshot:
        trial: Trial | None = None if rules is None else await tried(snapshot, rules)
        facts = await side.log.directory_facts()
        zone = snapshot.zone
        entries = await _entries(request, session, asked)
        view = AdministrationView(
            keys=key_rows(await running_of(request).keys.list(), zone, now, sort=asked.sort),
            roles=role_rows(),
            entries=None if entries is None else entries[:ENTRIES_SHOWN],
            older=None if entries is None or len(entries) <= ENTRIES_SHOWN else entries[ENTRIES_SHOWN - 1]["number"],
            facts=fact_page(facts, zone, asked.page),
            fact_count=len(facts),
            counts=rule_counts(snapshot.rules),
            in_force=rules_in_force(snapshot.rules),
            trial=trial,
        )
        frame = frame_of_now(snapshot, session, now, simulated=False, looking=asked.looking, news_of=NewsOf())
    values = {"view": view, "asked": asked, "kinds": ACCESS_KINDS, "sorts": _heads(frame, asked)}
    return rendered(request, "administration/page.html", frame, values)


def _heads(frame: Frame, asked: AdministrationParameters) -> Sorts:
    return KEYS_SORTED.heads(
        asked.sort, lambda sort: f"{frame.looking.link('/administration', **{**asked.own, 'sort': sort})}#keys"
    )
