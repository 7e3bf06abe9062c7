"""Why cases waited: beside the shares, at addresses of their own, so that no timeline is read otherwise for it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC
from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.waiting import CaseWaitingAnswer, OfficerWaitingAnswer
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_query.answering.answers import (
    POSITION_HEADER,
    SIMULATED_HEADER,
    CaseId,
    LanguageParameter,
    OfficerId,
    QuerySideParameter,
    documented,
    mark,
    query_router,
)
from tiendo_query.answering.waiting import case_waiting_answer, officer_waiting_answer
from tiendo_query.figures.officer_pages import OFFICER_CURSOR_KINDS, officer_entries
from tiendo_query.figures.ranking import party_delay
from tiendo_query.figures.waiting import case_waiting, officer_waiting
from tiendo_query.names.known_officers import officer_key
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.parameters import (
    PAGE_SIZE_MAX,
    CursorParameter,
    ListParameters,
    PageSize,
    PartyKeyParameter,
    PeriodParameters,
)
from tiendo_query.questions.periods import asked_period

router: Final = query_router("waiting")


@router.get(
    "/cases/{case_id}/waiting",
    summary="Why the case waited with each officer",
    responses=documented(404, 504),
    operation_id="read_waiting",
)
async def read_waiting(
    case_id: CaseId,
    side: QuerySideParameter,
    language: LanguageParameter,
    response: Response,
    asked: Annotated[ListParameters, Query()],
) -> CaseWaitingAnswer:
    """Of each officer's hold, as at `as_of`: how long it waited while the officer was on cases that came before or later, and for what else.

    It stands beside the shares and changes none. Of other cases nothing is told but counts and minutes.
    """
    found = await case_waiting(side, case_id, as_of=asked.as_of, min_position=asked.min_position)
    response.headers[POSITION_HEADER] = str(found.seen.position)
    response.headers[SIMULATED_HEADER] = "true" if found.seen.simulated else "false"
    return case_waiting_answer(found, language)


class OfficerWaitingParameters(PeriodParameters, ListParameters):
    """Over which period, and which page."""

    limit: PageSize = Field(default=PAGE_SIZE_MAX, description="holds in a page")
    cursor: CursorParameter = Field(default=None, description="`next` of the page before, with the same question")

    def question(self, officer: str) -> dict[str, object]:
        """What a cursor is bound to."""
        return {"waiting of": officer, "from": self.from_, "to": self.to, "as_of": self.as_of}


class WaitingOfKeyParameters(OfficerWaitingParameters):
    """Which officer, over which period."""

    key: PartyKeyParameter = Field(description="`officer.key` of a row of `/v1/officers`")


@router.get(
    "/officers/waiting",
    summary="Why cases waited with one officer, by key",
    responses=documented(404, 504),
    operation_id="read_officer_waiting_by_key",
)
async def read_officer_waiting_by_key(
    side: QuerySideParameter, response: Response, asked: Annotated[WaitingOfKeyParameters, Query()]
) -> OfficerWaitingAnswer:
    """As under the officer's id, also for officers whom cases name without one."""
    return await _waiting(side, response, asked, asked.question(asked.key), lambda _: asked.key, field="key")


@router.get(
    "/officers/{officer_id}/waiting",
    summary="Why cases waited with one officer",
    responses=documented(404, 504),
    operation_id="read_officer_waiting",
)
async def read_officer_waiting(
    officer_id: OfficerId,
    side: QuerySideParameter,
    response: Response,
    asked: Annotated[OfficerWaitingParameters, Query()],
) -> OfficerWaitingAnswer:
    """The holds of the officer that overlap the period and that the caller sees, each with why it waited; the totals are of all pages."""
    question = asked.question(officer_id)
    return await _waiting(
        side, response, asked, question, lambda snapshot: officer_key(officer_id, snapshot.rules), field="officer_id"
    )


async def _waiting(
    side: QuerySide,
    response: Response,
    asked: OfficerWaitingParameters,
    question: Mapping[str, object],
    key: Callable[[Snapshot], str],
    *,
    field: str,
) -> OfficerWaitingAnswer:
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=OFFICER_CURSOR_KINDS)
    now = side.now() if cursor is None else parse_instant(cursor.as_of)
    async with side.snapshot(min_position=asked.min_position) as snapshot:
        seen = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=now, zone=snapshot.zone)
        found = await party_delay(snapshot, key(snapshot), seen.period, field=field)
    causes = await officer_waiting(side, snapshot.rules, found, seen.period.as_of)
    page = officer_entries(replace(found, cases=()), None if cursor is None else cursor.after, limit=asked.limit)
    following = None
    if page.reached is not None:
        following = cursors.written(Cursor(after=page.reached, as_of=now.astimezone(UTC).isoformat()), question)
    mark(response, snapshot, simulated=found.simulated)
    return officer_waiting_answer(found, causes, seen, page, following)
