"""The extraction that the province asked for: case by case, who caused which minutes; as JSON or CSV."""

import asyncio
from collections.abc import AsyncIterator
from tempfile import SpooledTemporaryFile
from typing import IO, Annotated, Final

from fastapi import Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Field

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.delays import DelayPage
from tiendo_contracts.problem_kinds import ProblemKind, Refusal
from tiendo_contracts.problems import Language
from tiendo_query import delay_csv
from tiendo_query.answers import (
    POSITION_HEADER,
    SIMULATED_HEADER,
    LanguageParameter,
    QuerySideParameter,
    documented,
    mark,
    query_router,
)
from tiendo_query.delay_columns import Wording
from tiendo_query.delay_tables import TableForm, write_table
from tiendo_query.delay_xlsx import MEDIA_TYPE as XLSX
from tiendo_query.delaying import AskedDelays, all_delays, delay_page, delay_period
from tiendo_query.known_units import known_tree
from tiendo_query.media_types import preferred
from tiendo_query.parameters import (
    PAGE_SIZE,
    CursorParameter,
    FormatParameter,
    ListParameters,
    OptionalPageSize,
    PeriodParameters,
    TextParameter,
)
from tiendo_query.query_side import QuerySide
from tiendo_query.refusals import combination

router: Final = query_router("delays")

_FORMATS: Final = {"application/json": "json", "text/csv": "csv", XLSX: "xlsx"}
_MEDIA_TYPES: Final = {TableForm.CSV: delay_csv.MEDIA_TYPE, TableForm.XLSX: XLSX}
_MEMORY_MAX: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024


class DelayParameters(PeriodParameters, ListParameters):
    """Over which period, of which units, in which form."""

    unit: TextParameter = Field(default=None, description="id: responsible is this unit or one below it")
    format: FormatParameter = Field(default=None, description="instead of the header Accept")
    limit: OptionalPageSize = Field(
        default=None, description=f"entries in a page of JSON, default {PAGE_SIZE}; CSV and XLSX are given out whole"
    )
    cursor: CursorParameter = Field(default=None, description="`next` of the page before, with the same question")


_RESPONSES: Final = documented(404, 406, 504)
_RESPONSES[200]["content"] = {
    "text/csv": {"schema": {"type": "string"}},
    XLSX: {"schema": {"type": "string", "format": "binary"}},
}


@router.get(
    "/delays",
    summary="Who caused which minutes, case by case",
    response_model=DelayPage,
    responses=_RESPONSES,
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
    form = asked.format or _FORMATS.get(preferred(request.headers.get("accept"), tuple(_FORMATS)) or "")
    if form is None:
        raise Refusal(ProblemKind.NOT_ACCEPTABLE, values={"known": ", ".join(_FORMATS)})
    question = AskedDelays(start=asked.from_, end=asked.to, unit=asked.unit, as_of=asked.as_of)
    if form == "json":
        return await _json(side, asked, question)
    for name in ("limit", "cursor"):
        if getattr(asked, name) is not None:
            raise combination(name)
    return await _table(TableForm(form), side, asked, question, language)


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


async def _table(
    form: TableForm, side: QuerySide, asked: DelayParameters, question: AskedDelays, language: Language
) -> Response:
    """The whole table: written to a file first, so that a slow reader holds no snapshot of the database."""
    file: IO[bytes] = SpooledTemporaryFile(max_size=_MEMORY_MAX)  # noqa: SIM115 - closed when it has been sent
    try:
        async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
            wording = Wording(tree=await known_tree(snapshot), zone=snapshot.zone, language=language)
            rows = all_delays(snapshot, question, delay_period(side, snapshot, question))
            simulated = await write_table(form, file, rows, wording)
        await asyncio.to_thread(file.seek, 0)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="delays.{form}"',
        POSITION_HEADER: str(snapshot.reader.position),
        SIMULATED_HEADER: "true" if simulated else "false",
    }
    return StreamingResponse(_chunks(file), media_type=_MEDIA_TYPES[form], headers=headers)


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk
    finally:
        file.close()
