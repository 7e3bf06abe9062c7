"""The rows of one sheet of a workbook."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader

from tiendo_sources.tables.cells import TableRow
from tiendo_sources.tables.mapping import TableShape
from tiendo_sources.xlsx.package import opened_package
from tiendo_sources.xlsx.reader import read_sheet
from tiendo_sources.xlsx.shared_texts import shared_texts
from tiendo_sources.xlsx.workbook_parts import read_workbook


@contextmanager
def sheet_rows(stream: BufferedReader, shape: TableShape) -> Iterator[Iterator[TableRow]]:
    """The rows of the sheet that the mapping names, those of the headings first. Raises LogUnreadable."""
    with opened_package(stream) as package:
        workbook = read_workbook(package)
        part = workbook.sheet(shape.sheet).part
        with shared_texts(package, workbook.shared_texts) as texts, package.part(part) as cells:
            yield read_sheet(cells, workbook, texts, header_rows=shape.header_rows)
