"""Difficulties: the reasons that are given for delay, totalled, as JSON, CSV or XLSX."""

from collections.abc import AsyncIterator
from typing import Annotated, Any, Final

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field, WithJsonSchema

from tiendo_contracts.answers.difficulties import DifficultyPage, GivenDifficulty
from tiendo_documents.document_files import MEDIA_TYPES, DocumentFormat
from tiendo_query.accountability.difficulties import AskedDifficulties, all_difficulties, difficulty_page
from tiendo_query.accountability.difficulty_columns import DIFFICULTIES
from tiendo_query.accountability.difficulty_reports import difficulty_report
from tiendo_query.answering.answers import (
    POSITION_HEADER,
    SIMULATED_HEADER,
    LanguageParameter,
    QuerySideParameter,
    documented,
    mark,
    query_router,
)
from tiendo_query.answering.breakdowns import of_period
from tiendo_query.answering.document_answers import document_answer
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.parameters import (
    PAGE_SIZE,
    ListParameters,
    PeriodParameters,
    TableParameters,
    TextParameter,
    one_of,
)
from tiendo_query.questions.periods import AskedPeriod
from tiendo_query.tables.table_answers import documented_tables, form_of_pages, table_answer

router: Final = query_router("explanations")
_FORMATS: Final = tuple(one.value for one in DocumentFormat)
DocumentFormatParameter = Annotated[str, one_of(*_FORMATS), WithJsonSchema({"type": "string", "enum": list(_FORMATS)})]


def _documented() -> dict[int | str, dict[str, Any]]:
    found = documented(404, 504)
    found[200]["content"] = {
        media_type: {"schema": {"type": "string", "format": "binary"}} for media_type in MEDIA_TYPES.values()
    }
    return found


class DifficultyParameters(TableParameters):
    """Over which period, of which units, in which form."""

    unit: TextParameter = Field(default=None, description="id: given by people of this unit or one below it")


@router.get(
    "/difficulties",
    summary="Which difficulties are given as the reason of delay",
    response_model=DifficultyPage,
    responses=documented_tables(404, 406, 504),
    operation_id="list_difficulties",
)
async def list_difficulties(
    request: Request,
    side: QuerySideParameter,
    language: LanguageParameter,
    asked: Annotated[DifficultyParameters, Query()],
) -> Response:
    """The explanations of cases finished in the period, withdrawn ones left out, by month, unit of who explains, procedure, step and reason.

    Beside them the steps that were held beyond their norm in cases of which the organisation bears a part. JSON in pages; CSV and XLSX whole.
    """
    form = form_of_pages(request, asked)
    question = AskedDifficulties(start=asked.from_, end=asked.to, as_of=asked.as_of, unit=asked.unit)
    if form is None:
        return await _json(side, asked, question)

    def period(snapshot: Snapshot) -> AskedPeriod:
        return AskedTime(start=asked.from_, end=asked.to, as_of=asked.as_of).seen(snapshot, side.now())

    def rows(snapshot: Snapshot) -> AsyncIterator[GivenDifficulty]:
        return all_difficulties(side, snapshot, question)

    return await table_answer(
        DIFFICULTIES, form, side, rows, period=period, language=language, min_position=asked.min_position
    )


class DifficultyReportParameters(PeriodParameters, ListParameters):
    """Over which period, of which units, in which format."""

    unit: TextParameter = Field(default=None, description="id: given by people of this unit or one below it")
    format: DocumentFormatParameter = Field(default=DocumentFormat.PDF.value)


@router.get(
    "/difficulties/report",
    summary="The report of difficulties, as a document",
    response_class=Response,
    responses=_documented(),
    operation_id="read_difficulty_report",
)
async def read_difficulty_report(
    side: QuerySideParameter, asked: Annotated[DifficultyReportParameters, Query()]
) -> Response:
    """Báo cáo khó khăn, vướng mắc, to be signed and sent to the unit above: the same figures as `GET /v1/difficulties`."""
    question = AskedDifficulties(start=asked.from_, end=asked.to, as_of=asked.as_of, unit=asked.unit)
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        found = await difficulty_report(side, snapshot, question)
    headers = {
        POSITION_HEADER: str(snapshot.reader.position),
        SIMULATED_HEADER: "true" if found.simulated else "false",
    }
    return await document_answer(found.document, asked.format, name="kho-khan-vuong-mac", headers=headers)


async def _json(side: QuerySide, asked: DifficultyParameters, question: AskedDifficulties) -> Response:
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        page = await difficulty_page(side, snapshot, question, limit=asked.limit or PAGE_SIZE, cursor=asked.cursor)
    answer = DifficultyPage.model_validate(
        {
            **of_period(page.period, question.unit, simulated=page.simulated),
            "items": page.items,
            "missed_norms": page.missed_norms,
            "next": page.next,
        }
    )
    response = JSONResponse(answer.model_dump(mode="json", by_alias=True))
    mark(response, snapshot, simulated=page.simulated)
    return response
