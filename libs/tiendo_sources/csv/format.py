"""The format as a value."""

import re
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from io import BufferedReader

from tiendo_domain.rules import RuleBook
from tiendo_sources.csv.layout import mapped_layout, wide_encoding
from tiendo_sources.csv.reader import read_rows
from tiendo_sources.csv.refused import refused_csv
from tiendo_sources.csv.suggesting import suggested
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.formats import Entry, Reading, SourceFormat
from tiendo_sources.tables.entries import table_entries
from tiendo_sources.tables.mapping import TableMapping, parse_table_mapping

_SEPARATES = re.compile(r"[,;\t|]")
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_OTHER_TEXT = ("{", "[", "<")


def _looks_like(head: bytes) -> bool:
    """Text with a separator; what has NULs is only text where it is UTF-16."""
    text = head.decode(wide_encoding(head) or "latin-1", errors="ignore").lstrip("\ufeffï»¿ \t\r\n")
    return bool(_SEPARATES.search(text)) and not _BINARY.search(text) and not text.startswith(_OTHER_TEXT)


def _reading(text: str | None) -> Reading:
    mapping = parse_table_mapping(text)
    return Reading(
        entries=partial(_entries, mapping=mapping),
        refused_file=partial(refused_csv, mapping=mapping),
        identity=mapping.model_dump_json(),
    )


def _entries(stream: BufferedReader, rules: RuleBook, *, mapping: TableMapping) -> Iterator[Entry | FileRemark]:
    with closing(read_rows(stream, mapped_layout(stream, mapping), header_rows=mapping.table.header_rows)) as rows:
        yield from table_entries(rows, mapping, rules, place="line")


FORMAT = SourceFormat(
    name="CSV",
    described="tables as CSV",
    looks_like=_looks_like,
    reading=_reading,
    takes_mapping=True,
    has_no_mark=True,
    suggested=suggested,
)
