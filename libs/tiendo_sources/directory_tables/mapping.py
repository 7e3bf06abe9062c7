"""Which table of the directory a sheet is, and what its columns mean: as its headings say, or as a mapping does."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from tiendo_sources.directory_tables.known_headings import REQUIRED, SHEETS, TABLES
from tiendo_sources.errors import LogUnreadable, MappingError
from tiendo_sources.formats import WholeSheet
from tiendo_sources.mapping_values import MappingTable, checked_mapping, mapping_tables, toml_string
from tiendo_sources.tables.headings import Headings, headings_of
from tiendo_sources.tables.known_headings import folded
from tiendo_sources.tables.whole_sheets import HEADING_ROWS_MAX


class SheetMapping(MappingTable):
    """`[[table]]`: what one sheet is; without `sheet` the only one of the file. `columns` are headings by what they mean."""

    kind: str
    sheet: str = ""
    header_rows: Annotated[int, Field(ge=1, le=HEADING_ROWS_MAX)] = 1
    columns: dict[str, str]


class DirectoryMapping(MappingTable):
    """What the sheets of a file are; a sheet that is not named is not read."""

    table: tuple[SheetMapping, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSheet:
    """A sheet whose table is known: the rows of its headings, what its columns mean, and the headings that are not read."""

    sheet: WholeSheet
    kind: str
    header_rows: int
    headings: Mapping[str, str]
    places: Mapping[str, int]
    unread: Sequence[str]


def parse_directory_mapping(text: str) -> DirectoryMapping:
    """The mapping in the TOML `text`; raises MappingError."""
    mapping = checked_mapping(mapping_tables(text), DirectoryMapping)
    for number, table in enumerate(mapping.table):
        if table.kind not in TABLES:
            raise MappingError(f"table.{number}.kind", f"{table.kind!r} is none of {', '.join(TABLES)}")
        if unknown := sorted(table.columns.keys() - TABLES[table.kind].keys()):
            known = ", ".join(TABLES[table.kind])
            raise MappingError(
                f"table.{number}.columns", f"{unknown[0]!r} is no column of {table.kind}; known are {known}"
            )
    return mapping


def mapped_sheets(sheets: Sequence[WholeSheet], mapping: DirectoryMapping) -> Iterator[KnownSheet]:
    """Yield the sheets that the mapping names, as it says. Raises MappingError for a sheet or heading that is not there."""
    for number, table in enumerate(mapping.table):
        sheet = _named(sheets, table.sheet, number)
        headings = headings_of(sheet.rows[: table.header_rows])
        named = {f"table.{number}.columns.{name}": heading for name, heading in table.columns.items()}
        places = {where.rpartition(".")[2]: column for where, column in headings.places(named).items()}
        yield _known(sheet, table.kind, table.header_rows, headings, places)


def _named(sheets: Sequence[WholeSheet], name: str, number: int) -> WholeSheet:
    found = [sheet for sheet in sheets if sheet.name.strip() == name.strip()] or ([] if name else list(sheets))
    if len(found) != 1:
        names = ", ".join(f"“{sheet.name}”" for sheet in sheets)
        raise MappingError(f"table.{number}.sheet", f"the file has the sheets {names}; name one of them")
    return found[0]


def recognised(sheet: WholeSheet) -> KnownSheet:
    """The sheet as its headings, and where these could be another table's its name, say. Raises LogUnreadable."""
    found: dict[str, KnownSheet] = {}
    for count in range(1, min(HEADING_ROWS_MAX, len(sheet.rows)) + 1):
        try:
            headings = headings_of(sheet.rows[:count])
        except LogUnreadable:
            continue
        for kind in TABLES:
            known = _by_headings(sheet, kind, count, headings)
            if known is not None and len(known.places) > len(found[kind].places if kind in found else ()):
                found[kind] = known
    return _only(sheet, found)


def _by_headings(sheet: WholeSheet, kind: str, header_rows: int, headings: Headings) -> KnownSheet | None:
    meanings = {folded(phrase): name for name, phrases in TABLES[kind].items() for phrase in (*phrases, name)}
    places: dict[str, int] = {}
    for column, heading in enumerate(headings.shown):
        if (name := meanings.get(folded(heading))) is not None:
            places.setdefault(name, column)
    if not all(any(name in places for name in group) for group in REQUIRED[kind]):
        return None
    return _known(sheet, kind, header_rows, headings, places)


def _known(sheet: WholeSheet, kind: str, header_rows: int, headings: Headings, places: Mapping[str, int]) -> KnownSheet:
    taken = set(places.values())
    return KnownSheet(
        sheet=sheet,
        kind=kind,
        header_rows=header_rows,
        headings={name: headings.shown[column] for name, column in places.items()},
        places=places,
        unread=[heading for column, heading in enumerate(headings.shown) if heading and column not in taken],
    )


def _only(sheet: WholeSheet, found: Mapping[str, KnownSheet]) -> KnownSheet:
    """The table that the sheet's name says, else that of which most columns are known."""
    by_name = [kind for kind in found if folded(sheet.name) in map(folded, SHEETS[kind])]
    if len(by_name) == 1:
        return found[by_name[0]]
    most = max((len(known.places) for known in found.values()), default=0)
    best = [known for known in found.values() if len(known.places) == most]
    if len(best) == 1:
        return best[0]
    where = f"the sheet “{sheet.name}”" if sheet.name else "the table"
    if best:
        kinds = " or ".join(known.kind for known in best)
        raise LogUnreadable(f"{where} may be {kinds} by its headings; say which by --table")
    needed = "; ".join(
        f"{kind}: {', '.join(' or '.join(f'“{TABLES[kind][name][0]}”' for name in group) for group in groups)}"
        for kind, groups in REQUIRED.items()
    )
    raise LogUnreadable(f"{where} has no headings by which it is known; what each table needs at least: {needed}")


def of_kind(sheet: WholeSheet, kind: str) -> KnownSheet:
    """The sheet as a table of that kind. Raises LogUnreadable where a column is missing that it needs."""
    for count in range(1, min(HEADING_ROWS_MAX, len(sheet.rows)) + 1):
        try:
            known = _by_headings(sheet, kind, count, headings_of(sheet.rows[:count]))
        except LogUnreadable:
            continue
        if known is not None:
            return known
    needed = ", ".join(" or ".join(f"“{TABLES[kind][name][0]}”" for name in group) for group in REQUIRED[kind])
    raise LogUnreadable(f"a table of kind {kind} has at least the columns {needed}")


def mapping_text(sheets: Sequence[KnownSheet]) -> str:
    """The text of a mapping that says of the sheets what was found."""
    lines = ["# Suggested for this file; look through it before you import. Only the columns named here are read."]
    for known in sheets:
        lines += ["", "[[table]]", f'kind = "{known.kind}"', f"sheet = {toml_string(known.sheet.name)}"]
        lines += [f"header_rows = {known.header_rows}", "[table.columns]"]
        lines += [f"{name} = {toml_string(heading)}" for name, heading in known.headings.items()]
        lines += [f'# {name} = ""' for name in TABLES[known.kind] if name not in known.headings]
        lines += [f"# not read: {toml_string(heading)}" for heading in known.unread]
    return "\n".join(lines) + "\n"
