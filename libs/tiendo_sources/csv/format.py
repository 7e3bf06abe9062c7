"""The format as a value."""

import re
from functools import partial

from tiendo_sources.csv.layout import wide_encoding
from tiendo_sources.csv.mapped_rows import mapped_rows
from tiendo_sources.csv.refused import refused_csv
from tiendo_sources.csv.sheets import sheets
from tiendo_sources.csv.suggesting import suggested
from tiendo_sources.formats import SourceFormat
from tiendo_sources.tables.table_reading import table_reading

_SEPARATES = re.compile(r"[,;\t|]")
_BINARY = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_OTHER_TEXT = ("{", "[", "<")


def _looks_like(head: bytes) -> bool:
    """Text with a separator; what has NULs is only text where it is UTF-16."""
    text = head.decode(wide_encoding(head) or "latin-1", errors="ignore").lstrip("\ufeffï»¿ \t\r\n")
    return bool(_SEPARATES.search(text)) and not _BINARY.search(text) and not text.startswith(_OTHER_TEXT)


FORMAT = SourceFormat(
    name="CSV",
    described="tables as CSV",
    looks_like=_looks_like,
    reading=partial(table_reading, rows=mapped_rows, refused=refused_csv, place="line"),
    takes_mapping=True,
    has_no_mark=True,
    suggested=suggested,
    sheets=sheets,
)
