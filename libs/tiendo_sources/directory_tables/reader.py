"""A file of the directory's tables as the tables of the rules file, each entry with the row that it stands in."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tiendo_contracts.rules_file import RulesFileError, RulesFileProblem
from tiendo_domain.names import name_key
from tiendo_domain.rules import RuleBook
from tiendo_sources.directory_tables.directory_cells import CellUnusable, entry_of, value_of
from tiendo_sources.directory_tables.mapping import (
    DirectoryMapping,
    KnownSheet,
    mapped_sheets,
    of_kind,
    recognised,
)
from tiendo_sources.errors import FormatUnknown, LogUnreadable
from tiendo_sources.fitted_names import plain_text
from tiendo_sources.formats import WholeSheet
from tiendo_sources.opening import opened_log
from tiendo_sources.tables.cells import TableRow, cell_text, is_blank, shown

_SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stands:
    """Where an entry stands: its row in words, and of each member the heading of its column."""

    where: str
    headings: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class DirectoryFile:
    """What a file says: the tables of the rules file, and where each entry stands; `faults` are the rows that cannot be read."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    faults: list[RulesFileProblem] = field(default_factory=list)
    _stands: dict[tuple[str, int], _Stands] = field(default_factory=dict)

    def add(self, kind: str, members: dict[str, Any], stands: _Stands) -> None:
        """Take an entry."""
        entries = self.tables.setdefault(kind, [])
        self._stands[kind, len(entries)] = stands
        entries.append(members)

    def placed(self, error: RulesFileError) -> RulesFileError:
        """The same faults by rows and headings, where they are of entries of this file."""
        return RulesFileError([self._placed(problem) for problem in error.problems], error.file)

    def _placed(self, problem: RulesFileProblem) -> RulesFileProblem:
        if problem.entry is None or (stands := self._stands.get(problem.entry[:2])) is None:
            return problem
        key = problem.entry[2]
        column = "" if key is None else f", column “{stands.headings.get(key, key)}”"
        return RulesFileProblem(place=f"{stands.where}{column}", message=problem.message, entry=problem.entry)


def known_sheets(path: Path, *, mapping: DirectoryMapping | None = None, kind: str | None = None) -> list[KnownSheet]:
    """The sheets of a CSV or XLSX file with what they are: by the mapping, as tables of `kind`, else by their headings.

    Raises SourceError, and OSError where the file cannot be read.
    """
    with opened_log(path) as log:
        if log.format.sheets is None:
            raise FormatUnknown(f"the file is {log.format.described}; the directory is read from CSV and XLSX")
        sheets = [sheet for sheet in log.format.sheets(log.stream) if not _is_empty(sheet)]
    if not sheets:
        raise LogUnreadable("the file is empty")
    if mapping is not None:
        return list(mapped_sheets(sheets, mapping))
    return [recognised(sheet) if kind is None else of_kind(sheet, kind) for sheet in sheets]


def _is_empty(sheet: WholeSheet) -> bool:
    return all(is_blank(row.cells) for row in sheet.rows)


def read_directory(sheets: Sequence[KnownSheet], book: RuleBook) -> DirectoryFile:
    """What the sheets say; units that stand by their names alone are those of the sheets, else of `book`."""
    found = DirectoryFile()
    unit_ids = _unit_ids(sheets, book)
    for known in sheets:
        for row in known.sheet.rows[known.header_rows :]:
            if row.fault is not None or not is_blank(row.cells):
                _take(found, known, row, unit_ids)
    return found


def _take(found: DirectoryFile, known: KnownSheet, row: TableRow, unit_ids: Callable[[str], str]) -> None:
    in_sheet = f"sheet “{known.sheet.name}”, " if known.sheet.name else ""
    where = f"{in_sheet}{known.sheet.place} {row.number}"
    faults: list[RulesFileProblem] = []

    def fault(place: str, message: str) -> None:
        faults.append(RulesFileProblem(place=place, message=message))

    is_readable = row.fault is None and not _is_shifted(known, row)
    if not is_readable:
        fault(where, "cannot be read: it has more cells than headings, or a quotation mark that is not closed")
    values: dict[str, Any] = {}
    for name, column in known.places.items() if is_readable else ():
        try:
            values[name] = value_of(known.kind, name, row.cell(column))
        except CellUnusable as error:
            fault(f"{where}, column “{known.headings[name]}”", f"{_quoted(row, column)} {error}")
    if faults:
        found.faults += faults
        return
    try:
        entry = entry_of(values, unit_ids)
    except CellUnusable as error:
        heading = known.headings["unit_name"]
        found.faults.append(RulesFileProblem(place=f"{where}, column “{heading}”", message=str(error)))
        return
    headings = {member: known.headings[column] for member, column in entry.columns.items()}
    headings = {**known.headings, **headings}
    found.add(known.kind, entry.members, _Stands(where=where, headings=headings))


def _is_shifted(known: KnownSheet, row: TableRow) -> bool:
    """Whether cells of a line stand behind the last heading: an unquoted separator has moved them."""
    width = max(len(heading.cells) for heading in known.sheet.rows[: known.header_rows])
    return known.sheet.place == "line" and not is_blank(row.cells[width:])


def _quoted(row: TableRow, column: int) -> str:
    return f"“{plain_text(shown(cell_text(row.cell(column))))[:_SHOWN_LENGTH]}”"


def _unit_ids(sheets: Sequence[KnownSheet], book: RuleBook) -> Callable[[str], str]:
    """The id of the unit whose name has the key; what the file says of names goes before the book."""
    here, known = _by_name(_stated_names(sheets)), _by_name(_known_names(book))

    def unit_id(key: str) -> str:
        ids = here.get(key) or known.get(key) or set()
        if len(ids) != 1:
            which = f"is the name of {', '.join(sorted(ids))}" if ids else "is the name of no unit"
            raise CellUnusable(f"“{key}” {which}; write the unit's code in a column “Mã đơn vị”")
        return next(iter(ids))

    return unit_id


def _by_name(pairs: Iterator[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, identity in pairs:
        found.setdefault(name_key(name), set()).add(identity)
    return found


def _stated_names(sheets: Sequence[KnownSheet]) -> Iterator[tuple[str, str]]:
    for known in sheets:
        if known.kind == "unit" and "name" in known.places:
            for row in known.sheet.rows[known.header_rows :]:
                name, identity = (cell_text(row.cell(known.places[column])) for column in ("name", "id"))
                if name and identity:
                    yield name, identity


def _known_names(book: RuleBook) -> Iterator[tuple[str, str]]:
    return ((rule.name, unit) for unit, rules in book.unit_rules.items() for rule in rules[:1] if rule.name is not None)
