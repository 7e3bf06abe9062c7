"""The format as a value."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from io import BufferedReader

from tiendo_domain.rules import RuleBook
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.formats import Entry, Reading, SourceFormat
from tiendo_sources.tables.cells import TableRow
from tiendo_sources.tables.entries import table_entries
from tiendo_sources.tables.mapping import TableMapping, TableShape, parse_table_mapping
from tiendo_sources.xlsx.package import check_is_workbook, opened_package
from tiendo_sources.xlsx.shared_texts import shared_texts
from tiendo_sources.xlsx.sheet import read_sheet
from tiendo_sources.xlsx.workbook_parts import read_workbook


@contextmanager
def sheet_rows(stream: BufferedReader, shape: TableShape) -> Iterator[Iterator[TableRow]]:
    """The rows of the sheet that the mapping names, those of the headings first. Raises LogUnreadable."""
    with opened_package(stream) as package:
        workbook = read_workbook(package)
        part = workbook.sheet(shape.sheet).part
        with shared_texts(package, workbook.shared_texts) as texts, package.part(part) as cells:
            yield read_sheet(cells, workbook, texts, header_rows=shape.header_rows)


def _reading(text: str | None) -> Reading:
    mapping = parse_table_mapping(text)
    return Reading(entries=partial(_entries, mapping=mapping), identity=mapping.model_dump_json())


def _entries(stream: BufferedReader, rules: RuleBook, *, mapping: TableMapping) -> Iterator[Entry | FileRemark]:
    with sheet_rows(stream, mapping.table) as rows:
        yield from table_entries(rows, mapping, rules, place="row")


FORMAT = SourceFormat(
    name="XLSX",
    described="workbooks of Excel (XLSX)",
    looks_like=lambda head: head.startswith(b"PK\x03\x04"),
    reading=_reading,
    takes_mapping=True,
    check=check_is_workbook,
)
