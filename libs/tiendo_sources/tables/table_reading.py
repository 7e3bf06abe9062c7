"""How a table is read by the text of its mapping: the same for every format of tables, only where the rows come from differs."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from io import BufferedReader
from pathlib import Path

from tiendo_domain.rules import RuleBook
from tiendo_sources.file_remarks import FileRemark
from tiendo_sources.formats import Entry, Reading, RefusedFile
from tiendo_sources.tables.cells import TableRow
from tiendo_sources.tables.entries import table_entries
from tiendo_sources.tables.mapping import Place, TableMapping, parse_table_mapping

Rows = Callable[[BufferedReader, TableMapping], AbstractContextManager[Iterator[TableRow]]]
"""Opens the rows of the table that the mapping names, those of the headings first."""

Refused = Callable[[BufferedReader, Path, TableMapping], AbstractContextManager[RefusedFile]]
"""Begins, at a path, the file of what is refused of the one in the stream."""


def table_reading(text: str | None, *, rows: Rows, refused: Refused, place: Place) -> Reading:
    """How a table is read by the text of a mapping; `place` is what its file calls a row. Raises MappingError."""
    mapping = parse_table_mapping(text)

    def entries(stream: BufferedReader, rules: RuleBook) -> Iterator[Entry | FileRemark]:
        with rows(stream, mapping) as found:
            yield from table_entries(found, mapping, rules, place=place)

    def refused_file(stream: BufferedReader, path: Path) -> AbstractContextManager[RefusedFile]:
        return refused(stream, path, mapping)

    return Reading(
        entries=entries,
        refused_file=refused_file,
        identity=mapping.model_dump_json(exclude={"whole"}),
        source=mapping.source,
        whole=mapping.whole,
    )
