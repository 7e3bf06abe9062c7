"""Officers: the ranking over a period, and one officer's delay with the cases behind each figure."""

from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.officers import OfficerPage, OfficerTimeline
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_query.answering.answers import OfficerId, QuerySideParameter, documented, mark, query_router
from tiendo_query.answering.officers import officer_page, officer_timeline
from tiendo_query.figures.officer_pages import OFFICER_CURSOR_KINDS, officer_entries
from tiendo_query.figures.ranking import AskedOfficers, RankedOfficer, party_delay, ranking
from tiendo_query.names.known_officers import officer_key
from tiendo_query.names.known_units import known_subtree
from tiendo_query.names.searching import finds_officer
from tiendo_query.publications.officer_lists import lists_naming
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.parameters import (
    PAGE_SIZE_MAX,
    CursorParameter,
    ListParameters,
    PageParameters,
    PageSize,
    PartyKeyParameter,
    PeriodParameters,
    TextParameter,
)
from tiendo_query.questions.periods import asked_period

router: Final = query_router("officers")

_CURSOR_KINDS: Final = (int, int, int, str, str)


class OfficersParameters(PeriodParameters, PageParameters):
    """Which officers, over which period."""

    unit: TextParameter = Field(default=None, description="id: officers of this unit or one below it")
    text: TextParameter = Field(
        default=None,
        description="the beginnings of words of the name, without diacritics, its initials, or part of the id",
    )


class OfficerTimelineParameters(PeriodParameters, ListParameters):
    """Over which period, and which page."""

    limit: PageSize = Field(default=PAGE_SIZE_MAX, description="holds, and likewise cases, in a page")
    cursor: CursorParameter = Field(default=None, description="`next` of the page before, with the same question")

    def question(self, officer: str) -> dict[str, object]:
        """What a cursor is bound to."""
        return {"officer": officer, "from": self.from_, "to": self.to, "as_of": self.as_of}


@router.get(
    "/officers",
    summary="Officers by the minutes put to them",
    responses=documented(404, 504),
    operation_id="list_officers",
)
async def list_officers(
    side: QuerySideParameter, response: Response, asked: Annotated[OfficersParameters, Query()]
) -> OfficerPage:
    """The ranking over cases finished in the period (by the finish as recorded) or open at its end, most attributed minutes first."""
    question: dict[str, object] = {
        "from": asked.from_,
        "to": asked.to,
        "as_of": asked.as_of,
        "unit": asked.unit,
        "text": asked.text,
    }
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=_CURSOR_KINDS)
    now = None if cursor is None else parse_instant(cursor.as_of)
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        found = await ranking(
            side, snapshot, AskedOfficers(start=asked.from_, end=asked.to, as_of=asked.as_of, now=now)
        )
        units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, found.period.period)
    officers = found.of_units(None if units is None else units.at_the_end())
    if asked.text is not None:
        officers = [officer for officer in officers if finds_officer(asked.text, officer.names)]
    if cursor is not None:
        officers = [officer for officer in officers if _place(officer) > cursor.after]
    page, following = officers[: asked.limit], None
    if len(officers) > asked.limit:
        following = cursors.written(Cursor(after=_place(page[-1]), as_of=found.now.isoformat()), question)
    mark(response, snapshot, simulated=found.simulated)
    return officer_page(found, page, following)


class OfficerOfKeyParameters(OfficerTimelineParameters):
    """Which officer, over which period."""

    key: PartyKeyParameter = Field(
        description="`officer.key` of a row of `/v1/officers`; the only address of officers without an id"
    )


@router.get(
    "/officers/timeline",
    summary="One officer's delay over a period, by key",
    responses=documented(404, 504),
    operation_id="read_officer_timeline_by_key",
)
async def read_officer_timeline_by_key(
    side: QuerySideParameter, response: Response, asked: Annotated[OfficerOfKeyParameters, Query()]
) -> OfficerTimeline:
    """As under the officer's id, also for officers whom cases name without one."""
    return await _timeline(side, response, asked, asked.question(asked.key), lambda _: asked.key, field="key")


@router.get(
    "/officers/{officer_id}/timeline",
    summary="One officer's delay over a period",
    responses=documented(404, 504),
    operation_id="read_officer_timeline",
)
async def read_officer_timeline(
    officer_id: OfficerId,
    side: QuerySideParameter,
    response: Response,
    asked: Annotated[OfficerTimelineParameters, Query()],
) -> OfficerTimeline:
    """Totals over cases finished in the period or open at its end, the cases behind them, and all holds that overlap the period.

    The totals are of all pages; holds and cases come in pages, side by side.
    """
    question = asked.question(officer_id)
    return await _timeline(
        side,
        response,
        asked,
        question,
        lambda snapshot: officer_key(officer_id, snapshot.rules),
        field="officer_id",
    )


async def _timeline(
    side: QuerySide,
    response: Response,
    asked: OfficerTimelineParameters,
    question: Mapping[str, object],
    key: Callable[[Snapshot], str],
    *,
    field: str,
) -> OfficerTimeline:
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=OFFICER_CURSOR_KINDS)
    now = side.now() if cursor is None else parse_instant(cursor.as_of)
    async with side.snapshot(min_position=asked.min_position) as snapshot:
        seen = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=now, zone=snapshot.zone)
        found = await party_delay(snapshot, key(snapshot), seen.period, field=field)
        publications = await lists_naming(snapshot, found.key)
    page = officer_entries(found, None if cursor is None else cursor.after, limit=asked.limit)
    following = None
    if page.reached is not None:
        following = cursors.written(Cursor(after=page.reached, as_of=now.astimezone(UTC).isoformat()), question)
    mark(response, snapshot, simulated=found.simulated)
    return officer_timeline(found, seen, page, publications, following)


def _place(officer: RankedOfficer) -> tuple[str | int, ...]:
    return officer.order
