"""Tables as answers: which form is asked for, and the whole table as a file."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import replace
from tempfile import SpooledTemporaryFile
from typing import IO, Any, Final, Generic

from fastapi import Request, Response
from fastapi.responses import StreamingResponse

from tiendo_contracts.problems.problem_documents import Language
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_domain.quality import verdict_on
from tiendo_query.answering.answers import POSITION_HEADER, QUALITY_HEADER, SIMULATED_HEADER, documented
from tiendo_query.answering.media_types import preferred
from tiendo_query.names.known_units import tree_of
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.parameter_refusals import combination
from tiendo_query.questions.parameters import TableParameters
from tiendo_query.questions.periods import AskedPeriod
from tiendo_query.tables import csv_text, workbook
from tiendo_query.tables.columns import RowT, Table, Wording
from tiendo_query.tables.table_files import TableForm, write_table

_JSON: Final = "json"
_FORMATS: Final = {"application/json": _JSON, "text/csv": TableForm.CSV, workbook.MEDIA_TYPE: TableForm.XLSX}
_MEDIA_TYPES: Final = {TableForm.CSV: csv_text.MEDIA_TYPE, TableForm.XLSX: workbook.MEDIA_TYPE}
RestingMinutes = tuple[int, int]
"""Minutes of attribution, and those of them that rest on doubtful facts."""

_MEMORY_MAX: Final = 4 * 1024 * 1024
_CHUNK: Final = 64 * 1024


def documented_tables(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """As `answers.documented`, of an address that gives out a table as JSON, CSV or XLSX."""
    found = documented(*statuses)
    found[200]["content"] = {
        "text/csv": {"schema": {"type": "string"}},
        workbook.MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}},
    }
    return found


def form_asked(request: Request, format_: str | None) -> TableForm | None:
    """The form that is asked for, by `format_` or by the header Accept; None for JSON. Raises the refusal of a header that takes none."""
    form = format_ or _FORMATS.get(preferred(request.headers.get("accept"), tuple(_FORMATS)) or "")
    if form is None:
        raise Refusal(ProblemKind.NOT_ACCEPTABLE, values={"known": ", ".join(_FORMATS)})
    return None if form == _JSON else TableForm(form)


def form_of_pages(request: Request, asked: TableParameters) -> TableForm | None:
    """The same of a table whose JSON comes in pages. Raises also the refusal of a page of what is given out whole."""
    form = form_asked(request, asked.format)
    if form is not None:
        for name in ("limit", "cursor"):
            if getattr(asked, name) is not None:
                raise combination(name)
    return form


async def table_answer(
    table: Table[RowT],
    form: TableForm,
    side: QuerySide,
    rows: Callable[[Snapshot], AsyncIterator[RowT]],
    *,
    period: Callable[[Snapshot], AskedPeriod],
    language: Language,
    min_position: int,
    resting: Callable[[RowT], RestingMinutes] | None = None,
    head: Callable[[Snapshot], Awaitable[Sequence[Words]]] | None = None,
) -> Response:
    """The whole table, with units as they lie at its period's end: written to a file first, so that a slow reader holds no snapshot of the database.

    `resting` says what a row adds to the minutes that the verdict in the answer's head is about; None: the table has none. `head` finds what
    stands above the rows, in their own snapshot.
    """
    file: IO[bytes] = SpooledTemporaryFile(max_size=_MEMORY_MAX)  # noqa: SIM115 - closed when it has been sent
    seen = _Trusted(resting)
    try:
        async with side.snapshot(min_position=min_position, heavy=True) as snapshot:
            tree = await tree_of(snapshot, period(snapshot).period)
            if head is not None:
                table = replace(table, head=await head(snapshot))
            wording = Wording(tree=tree, zone=snapshot.zone, language=language)
            simulated = await write_table(table, form, file, seen.each(rows(snapshot)), wording)
        await asyncio.to_thread(file.seek, 0)
    except BaseException:
        file.close()
        raise
    headers = {
        "Content-Disposition": f'attachment; filename="{table.name}.{form}"',
        POSITION_HEADER: str(snapshot.reader.position),
        SIMULATED_HEADER: "true" if simulated else "false",
        **seen.header,
    }
    return StreamingResponse(_chunks(file), media_type=_MEDIA_TYPES[form], headers=headers)


class _Trusted(Generic[RowT]):
    """How far the figures of the rows that passed can be trusted."""

    def __init__(self, resting: Callable[[RowT], RestingMinutes] | None) -> None:
        self._resting = resting
        self._minutes = self._doubtful = 0

    async def each(self, rows: AsyncIterator[RowT]) -> AsyncIterator[RowT]:
        """Yield the rows."""
        async for row in rows:
            if self._resting is not None:
                minutes, doubtful = self._resting(row)
                self._minutes += minutes
                self._doubtful += doubtful
            yield row

    @property
    def header(self) -> dict[str, str]:
        """The verdict, as the head of an answer has it."""
        return {} if self._resting is None else {QUALITY_HEADER: verdict_on(self._minutes, self._doubtful)}


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    try:
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            yield chunk
    finally:
        file.close()
