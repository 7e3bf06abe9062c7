"""Officers: the ranking over a period, and one officer's delay with the cases behind each figure."""

from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.officers import OfficerPage, OfficerTimeline
from tiendo_contracts.instant_texts import parse_instant
from tiendo_query import cursors
from tiendo_query.answering.officers import officer_page, officer_timeline
from tiendo_query.answers import OfficerId, QuerySideParameter, documented, mark, query_router
from tiendo_query.cursors import Cursor
from tiendo_query.known_units import known_subtree
from tiendo_query.parameters import ListParameters, PageParameters, PartyKeyParameter, PeriodParameters, TextParameter
from tiendo_query.periods import asked_period
from tiendo_query.ranking import AskedOfficers, RankedOfficer, officer_delay, party_delay, ranking

router: Final = query_router("officers")

_CURSOR_KINDS: Final = (int, int, int, str, str)


class OfficersParameters(PeriodParameters, PageParameters):
    """Which officers, over which period."""

    unit: TextParameter = Field(default=None, description="id: officers of this unit or one below it")


class OfficerTimelineParameters(PeriodParameters, ListParameters):
    """Over which period."""


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
    question: dict[str, object] = {"from": asked.from_, "to": asked.to, "as_of": asked.as_of, "unit": asked.unit}
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=_CURSOR_KINDS)
    now = None if cursor is None else parse_instant(cursor.as_of)
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        found = await ranking(
            side, snapshot, AskedOfficers(start=asked.from_, end=asked.to, as_of=asked.as_of, now=now)
        )
        units = None if asked.unit is None else await known_subtree(snapshot, asked.unit)
    officers = found.of_units(units)
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
    async with side.snapshot(min_position=asked.min_position) as snapshot:
        seen = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=side.now(), zone=snapshot.zone)
        found = await party_delay(snapshot, asked.key, seen.period)
    mark(response, snapshot, simulated=found.simulated)
    return officer_timeline(found, seen)


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
    """Totals over cases finished in the period or open at its end, the cases behind them, and all holds that overlap the period."""
    async with side.snapshot(min_position=asked.min_position) as snapshot:
        seen = asked_period(asked.from_, asked.to, as_of=asked.as_of, now=side.now(), zone=snapshot.zone)
        found = await officer_delay(snapshot, officer_id, seen.period)
    mark(response, snapshot, simulated=found.simulated)
    return officer_timeline(found, seen)


def _place(officer: RankedOfficer) -> tuple[str | int, ...]:
    return officer.order
