"""The rows of a table as entries of an import: events, and the rows that are refused, each as a whole."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count, islice

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_domain.rules import RuleBook
from tiendo_sources.file_remarks import FileRemark, RemarkKind
from tiendo_sources.fitted_names import plain_text
from tiendo_sources.formats import Entry, accepted
from tiendo_sources.mapping_values import zone_of
from tiendo_sources.tables.cells import Cell, TableRow, cell_text, shown
from tiendo_sources.tables.happenings import RowTold, told_by
from tiendo_sources.tables.headings import headings_of, named_headings
from tiendo_sources.tables.mapping import Place, TableMapping
from tiendo_sources.tables.sheet_row import NamedCells

_SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalRow:
    """A row as it stands in the file; its number tells whether two entries are of one row."""

    number: int
    cells: tuple[Cell, ...]


def table_entries(
    rows: Iterator[TableRow], mapping: TableMapping, rules: RuleBook, *, place: Place
) -> Iterator[Entry | FileRemark]:
    """Yield the events of the rows behind the headings, in the order of the table, and the rows that are refused.

    `rows` begins with the rows of the headings, blank ones included; `place` is what the table's file calls a row.
    Raises SourceError where a heading that the mapping names is not there.
    """
    heads = list(islice(rows, mapping.table.header_rows))
    places = headings_of(heads).places(named_headings(mapping))
    zone = zone_of(mapping.time.zone, rules)
    numbers = count()
    for row in rows:
        cells = NamedCells(row, mapping, places, zone)
        where = f"{place} {row.number}"
        original = OriginalRow(number=row.number, cells=row.cells)
        try:
            told, judged = _judged(row, cells, mapping, rules)
        except Refusal as refusal:
            raw = json.dumps({} if row.fault else cells.raw(), ensure_ascii=False).encode()
            at = where + _shown(row, refusal, places, mapping)
            yield Entry(
                index=next(numbers),
                where=at,
                raw=raw,
                content=refusal,
                original=original,
                case_id=_named_case(cells),
                is_kept_whole=row.fault is None and cells.is_kept_whole,
            )
            continue
        for raw, event in judged:
            yield Entry(index=next(numbers), where=where, raw=raw, content=event, original=original)
        if told.leaves_due:
            yield FileRemark(kind=RemarkKind.DUE_WITHOUT_RECEPTION, number=1, example=where)


def kept_row_events(raw: bytes, mapping: TableMapping, rules: RuleBook) -> Sequence[AcceptedEvent]:
    """The events of a row of which the named columns were kept, by another mapping than the one that refused it.

    Raises Refusal where they are not to be taken by this one either, MappingError where it names a column of which nothing was kept.
    """
    said: dict[str, str] = json.loads(raw)
    row = TableRow(number=1, cells=tuple(said.values()))
    places = headings_of([TableRow(number=1, cells=tuple(said))]).places(named_headings(mapping))
    cells = NamedCells(row, mapping, places, zone_of(mapping.time.zone, rules))
    return [event for _, event in _judged(row, cells, mapping, rules)[1]]


def _judged(
    row: TableRow, cells: NamedCells, mapping: TableMapping, rules: RuleBook
) -> tuple[RowTold, Sequence[tuple[bytes, AcceptedEvent]]]:
    """What a row says, with its events judged; raises Refusal where one of them would not be taken."""
    if row.fault is not None:
        raise Refusal(row.fault)
    told = told_by(cells, mapping, rules)
    judged = []
    for event in told.events:
        raw = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")
        content = accepted(raw)
        if isinstance(content, Refusal):
            raise content
        judged.append((raw, content))
    return told, judged


def _named_case(cells: NamedCells) -> str | None:
    """The case that a refused row names; None where it cannot be read."""
    try:
        return cells.case_id()
    except Refusal:
        return None


def _shown(row: TableRow, refusal: Refusal, places: Mapping[str, int], mapping: TableMapping) -> str:
    """The column that the refusal names, with what stands in it."""
    for where, heading in named_headings(mapping).items():
        if heading == refusal.field and row.fault is None:
            text = plain_text(shown(cell_text(row.cell(places[where]))))
            return f", {heading} “{text[:_SHOWN_LENGTH]}”" if text else f", {heading}"
    return ""
