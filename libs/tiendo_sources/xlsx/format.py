"""The format as a value."""

from collections.abc import Iterator
from functools import partial
from io import BufferedReader

from tiendo_domain.rules import RuleBook
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.formats import Entry, Reading, SourceFormat
from tiendo_sources.tables.entries import table_entries
from tiendo_sources.tables.mapping import TableMapping, parse_table_mapping
from tiendo_sources.xlsx.package import check_is_workbook
from tiendo_sources.xlsx.refused import refused_xlsx
from tiendo_sources.xlsx.sheet_rows import sheet_rows
from tiendo_sources.xlsx.suggesting import suggested


def _reading(text: str | None) -> Reading:
    mapping = parse_table_mapping(text)
    return Reading(
        entries=partial(_entries, mapping=mapping),
        refused_file=partial(refused_xlsx, mapping=mapping),
        identity=mapping.model_dump_json(),
    )


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
    suggested=suggested,
)
