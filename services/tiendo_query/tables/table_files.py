"""Tables as files: written row by row as they are found, by commands and by the interface alike."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from tempfile import SpooledTemporaryFile
from typing import IO, TYPE_CHECKING, Final, Generic

from tiendo_query.tables.columns import RowT, Table, Wording
from tiendo_query.tables.csv_text import TableCsv

if TYPE_CHECKING:
    from tiendo_query.tables.workbook import TableXlsx

_ROWS_AT_ONCE: Final = 500
_MEMORY_MAX: Final = 4 * 1024 * 1024


class TableForm(StrEnum):
    """The forms of a table."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Writer(Generic[RowT]):
    add: Callable[[Sequence[RowT]], None]
    close: Callable[[], None]


async def write_table(
    table: Table[RowT], form: TableForm, file: IO[bytes], rows: AsyncIterator[RowT], wording: Wording
) -> bool:
    """Whether any row rests on simulated events, after the whole table has been written."""
    writer = await asyncio.to_thread(_writer, table, form, file, wording)
    simulated, pending = False, list[RowT]()
    async for row in rows:
        simulated = simulated or row.simulated
        pending.append(row)
        if len(pending) == _ROWS_AT_ONCE:
            await asyncio.to_thread(writer.add, pending)
            pending = []
    await asyncio.to_thread(writer.add, pending)
    await asyncio.to_thread(writer.close)
    return simulated


def _writer(table: Table[RowT], form: TableForm, file: IO[bytes], wording: Wording) -> _Writer[RowT]:
    if form is TableForm.XLSX:
        from tiendo_query.tables.workbook import TableXlsx  # noqa: PLC0415 - only who asks for a workbook pays for its library

        # Whole before the first byte of it is written where it belongs: a full disk leaves nothing half open.
        whole: IO[bytes] = SpooledTemporaryFile(max_size=_MEMORY_MAX)  # noqa: SIM115 - closed when it has been copied
        workbook = TableXlsx(whole, table, wording)
        return _Writer(add=workbook.add, close=lambda: _copy(workbook, whole, file))
    text = TableCsv(table, wording)
    file.write(text.header().encode())
    return _Writer(add=lambda rows: _write(file, text.lines(rows)), close=file.flush)


def _copy(workbook: "TableXlsx[RowT]", whole: IO[bytes], file: IO[bytes]) -> None:
    with whole:
        workbook.close()
        whole.seek(0)
        shutil.copyfileobj(whole, file)
        file.flush()


def _write(file: IO[bytes], text: str) -> None:
    file.write(text.encode())
