"""One row by the mapping: what its named columns say, or why the row is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.rules import RuleBook
from tiendo_sources.fitted_names import plain_text
from tiendo_sources.tables.cells import BROKEN, UNCOMPUTED, Cell, TableRow, UndatedNumber, cell_text, shown
from tiendo_sources.tables.mapping import TableMapping
from tiendo_sources.tables.stated import TableNotation
from tiendo_sources.written_instants import InstantFault

_PROBLEMS = {
    InstantFault.UNREADABLE: ProblemKind.FILE_INSTANT_UNREADABLE,
    InstantFault.WITHOUT_OFFSET: ProblemKind.FILE_INSTANT_WITHOUT_OFFSET,
    InstantFault.WITHOUT_TIME_OF_DAY: ProblemKind.FILE_INSTANT_WITHOUT_TIME_OF_DAY,
}


_DIGITS_MAX = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedInstant:
    """An instant of a row, and how it was stated: as the instant, or as the date alone that stands for it."""

    at: datetime
    stated: str


class NamedCells:
    """The cells of a row by what the mapping says of their columns; every look at one that cannot be read raises the row's Refusal."""

    def __init__(self, row: TableRow, mapping: TableMapping, places: Mapping[str, int], zone: ZoneInfo) -> None:
        self._row = row
        self._mapping = mapping
        self._places = places
        self._notation = TableNotation(zone=zone, format=mapping.time.format)

    def text(self, name: str) -> str:
        """The text of the column on one line; empty where it says nothing, or none is named."""
        return plain_text(self._text_at(f"columns.{name}"))

    def case_id(self) -> str:
        """The code of the case as it stands; raises the Refusal of a row that bears none."""
        if not (text := self._text_at("columns.case_id")):
            raise self._refusal("columns.case_id", ProblemKind.FILE_ROW_WITHOUT_CASE)
        return text

    def status(self, number: int) -> str:
        """The text of the column of the status `number`, from 0."""
        return self._text_at(f"status.{number}.column")

    def instant(self, name: str) -> StatedInstant | None:
        """The instant of the column; None where it says nothing."""
        return self.instant_at(f"columns.{name}")

    def instant_at(self, where: str) -> StatedInstant | None:
        """The same of a column by its place in the mapping."""
        found = self._read(where)
        if found is None or isinstance(found, StatedInstant):
            return found
        if (daytime := self._mapping.time.daytime) is None:
            raise self._refusal(where, ProblemKind.FILE_INSTANT_WITHOUT_TIME_OF_DAY)
        at = datetime.combine(found, daytime, self._notation.zone)
        return StatedInstant(at=_fixed(at), stated=at.isoformat())

    def due(self, rules: RuleBook, unit_id: str | None, received: date | None) -> StatedInstant | None:
        """The due; of a date alone the end of the last session of that day in the unit's calendar.

        A date without any session means the time of day at which the next working day ends: rule D5 decides what becomes of it.
        """
        found = self._read("columns.due")
        if found is None or isinstance(found, StatedInstant):
            return found
        calendar = rules.calendar_of(unit_id, {}, received)
        day = calendar.next_working_day(found)
        end = calendar.end_of_last_session(day)
        at = datetime.combine(found + (end.date() - day), end.timetz())
        return StatedInstant(at=_fixed(at), stated=found.isoformat())

    def says_when(self, name: str) -> bool:
        """Whether the column says an instant or a date."""
        return self._read(f"columns.{name}") is not None

    def whole_number(self, name: str) -> int | None:
        """The number of the column; None where it says nothing."""
        text = self.text(name)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and len(text) <= _DIGITS_MAX):
            raise self._refusal(f"columns.{name}", ProblemKind.FILE_NUMBER_UNREADABLE)
        return int(text)

    def raw(self) -> dict[str, str]:
        """The named columns by their headings: what is kept of a refused row. Nothing else of a row is ever kept."""
        said = {self._heading(where): _kept(self._row.cell(place)) for where, place in self._places.items()}
        return {heading: shown(text) for heading, text in said.items()}

    @property
    def is_kept_whole(self) -> bool:
        """Whether `raw` says all that the named columns do: nothing in them could not be read, or means more than its text."""
        return all(_says_all(self._row.cell(place)) for place in self._places.values())

    def _read(self, where: str) -> StatedInstant | date | None:
        cell = self._row.cell(self._places.get(where))
        if cell == UNCOMPUTED:
            raise self._refusal(where, ProblemKind.FILE_FORMULA_WITHOUT_VALUE)
        found = self._notation.read(cell)
        if isinstance(found, InstantFault):
            raise self._refusal(where, _PROBLEMS[found])
        if isinstance(found, datetime):
            return StatedInstant(at=_fixed(found), stated=found.isoformat())
        return found

    def _text_at(self, where: str) -> str:
        text = cell_text(self._row.cell(self._places.get(where)))
        if text == UNCOMPUTED:
            raise self._refusal(where, ProblemKind.FILE_FORMULA_WITHOUT_VALUE)
        if BROKEN in text:
            raise self._refusal(where, ProblemKind.FILE_TEXT_UNREADABLE)
        return text

    def _heading(self, where: str) -> str:
        table, _, name = where.partition(".")
        if table == "columns":
            return str(self._mapping.columns.named[name])
        number, _, part = name.partition(".")
        return str(getattr(self._mapping.status[int(number)], part))

    def _refusal(self, where: str, kind: ProblemKind) -> Refusal:
        return Refusal(kind, field=self._heading(where))


def _kept(cell: Cell) -> str:
    """The text of a cell; of an instant of a spreadsheet one that is read as the same, of a day as a day."""
    if isinstance(cell, datetime):
        return (cell if cell.time() != time() else cell.date()).isoformat()
    return cell_text(cell)


def _says_all(cell: Cell) -> bool:
    if isinstance(cell, str):
        return BROKEN not in cell and UNCOMPUTED not in cell
    return not isinstance(cell, bool | time | UndatedNumber)


def _fixed(at: datetime) -> datetime:
    """The instant with a fixed offset: of one zone, hours that it has twice would be compared by what the clock shows."""
    return datetime.fromisoformat(at.isoformat())
