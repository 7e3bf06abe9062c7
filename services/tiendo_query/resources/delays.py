"""The extraction that the province asked for: case by case, who caused which minutes; as JSON or CSV."""

from collections.abc import AsyncIterator
from typing import Annotated, Final

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.delays import Delay, DelayPage
from tiendo_query.answering.answers import LanguageParameter, QuerySideParameter, mark, query_router
from tiendo_query.figures.delay_columns import DELAYS
from tiendo_query.figures.delaying import AskedDelays, all_delays, delay_page, delay_period, resting_minutes
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.parameters import PAGE_SIZE, TableParameters, TextParameter
from tiendo_query.questions.periods import AskedPeriod
from tiendo_query.tables.table_answers import documented_tables, form_of_pages, table_answer

router: Final = query_router("delays")


class DelayParameters(TableParameters):
    """Over which period, of which units, in which form."""

    unit: TextParameter = Field(default=None, description="id: responsible is this unit or one below it")


@router.get(
    "/delays",
    summary="Who caused which minutes, case by case",
    response_model=DelayPage,
    responses=documented_tables(404, 406, 504),
    operation_id="list_delays",
)
async def list_delays(
    request: Request,
    side: QuerySideParameter,
    language: LanguageParameter,
    asked: Annotated[DelayParameters, Query()],
) -> Response:
    """One row for each case and party that answers for minutes of it: cases finished in the period or open at its end.

    JSON in pages; CSV and XLSX whole. CSV in Vietnamese (`Accept-Language: vi`) and XLSX speak words and local dates for people;
    CSV else has the codes and instants of JSON.
    """
    form = form_of_pages(request, asked)
    question = AskedDelays(start=asked.from_, end=asked.to, unit=asked.unit, as_of=asked.as_of)
    if form is None:
        return await _json(side, asked, question)

    def period(snapshot: Snapshot) -> AskedPeriod:
        return delay_period(side, snapshot, question)

    def rows(snapshot: Snapshot) -> AsyncIterator[Delay]:
        return all_delays(snapshot, question, period(snapshot))

    return await table_answer(
        DELAYS,
        form,
        side,
        rows,
        period=period,
        language=language,
        min_position=asked.min_position,
        resting=resting_minutes,
    )


async def _json(side: QuerySide, asked: DelayParameters, question: AskedDelays) -> Response:
    async with side.snapshot(min_position=asked.min_position) as snapshot:
        page = await delay_page(side, snapshot, question, limit=asked.limit or PAGE_SIZE, cursor=asked.cursor)
    simulated = any(row.simulated for row in page.items)
    answer = DelayPage.model_validate(
        {
            "simulated": simulated,
            "notice": notice_of(simulated=simulated),
            "from": page.period.from_text,
            "to": page.period.to_text,
            "as_of": page.period.as_of_text,
            "items": page.items,
            "next": page.next,
        }
    )
    response = JSONResponse(answer.model_dump(mode="json", by_alias=True))
    mark(response, snapshot, simulated=simulated)
    return response
