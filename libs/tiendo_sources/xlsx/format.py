"""The format as a value."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from io import BufferedReader

from tiendo_sources.formats import SourceFormat
from tiendo_sources.tables.cells import TableRow
from tiendo_sources.tables.mapping import TableMapping
from tiendo_sources.tables.table_reading import table_reading
from tiendo_sources.xlsx.mapped_rows import sheet_rows
from tiendo_sources.xlsx.package import check_is_workbook
from tiendo_sources.xlsx.refused import refused_xlsx
from tiendo_sources.xlsx.sheets import sheets
from tiendo_sources.xlsx.suggesting import suggested


def _rows(stream: BufferedReader, mapping: TableMapping) -> AbstractContextManager[Iterator[TableRow]]:
    return sheet_rows(stream, mapping.table)


FORMAT = SourceFormat(
    name="XLSX",
    described="workbooks of Excel (XLSX)",
    looks_like=lambda head: head.startswith(b"PK\x03\x04"),
    reading=partial(table_reading, rows=_rows, refused=refused_xlsx, place="row"),
    takes_mapping=True,
    check=check_is_workbook,
    suggested=suggested,
    sheets=sheets,
)
