"""Tables of delays as files: written row by row as they are found, by commands and by the interface alike."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import IO, Final

from tiendo_contracts.answers.delays import Delay
from tiendo_query.delay_columns import Wording
from tiendo_query.delay_csv import DelayCsv

_ROWS_AT_ONCE: Final = 500


class TableForm(StrEnum):
    """The forms of a table."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer:
    add: Callable[[Sequence[Delay]], None]
    close: Callable[[], None]


async def write_table(form: TableForm, file: IO[bytes], rows: AsyncIterator[Delay], wording: Wording) -> bool:
    """Whether any row rests on simulated events, after the whole table has been written."""
    writer = await asyncio.to_thread(_writer, form, file, wording)
    simulated, pending = False, list[Delay]()
    async for row in rows:
        simulated = simulated or row.simulated
        pending.append(row)
        if len(pending) == _ROWS_AT_ONCE:
            await asyncio.to_thread(writer.add, pending)
            pending = []
    await asyncio.to_thread(writer.add, pending)
    await asyncio.to_thread(writer.close)
    return simulated


def _writer(form: TableForm, file: IO[bytes], wording: Wording) -> _Writer:
    if form is TableForm.XLSX:
        from tiendo_query.delay_xlsx import DelayXlsx  # noqa: PLC0415 - only who asks for a workbook pays for its library

        workbook = DelayXlsx(file, wording)
        return _Writer(add=workbook.add, close=workbook.close)
    table = DelayCsv(wording)
    file.write(table.header().encode())
    return _Writer(add=lambda rows: _write(file, table.lines(rows)), close=file.flush)


def _write(file: IO[bytes], text: str) -> None:
    file.write(text.encode())
