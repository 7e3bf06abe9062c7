"""A table of evidence in a CSV or XLSX file: a row per case, with the number and date of the document that proves when it was finished."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from tiendo_contracts.problems.problem_kinds import Words
from tiendo_sources.errors import SourceError
from tiendo_sources.formats import WholeSheet
from tiendo_sources.opening import opened_log
from tiendo_sources.tables.cells import BROKEN, Cell, TableRow, cell_text, is_blank
from tiendo_sources.tables.known_headings import KNOWN, folded
from tiendo_sources.tables.stated import TableNotation

ROWS_MAX: Final = 200
HEADINGS_WITHIN: Final = 10
_READ_MAX: Final = 1_000
"""Rows of a sheet that are read at all, whatever stands in them."""


class EvidenceColumn(StrEnum):
    """The columns; the last is needed only where a late finish was recorded."""

    CASE = "case_id"
    NUMBER = "document_number"
    SIGNED = "signed_at"
    FINISHED = "finished_at"


COLUMN_WORDS: Final[Mapping[EvidenceColumn, Words]] = {
    EvidenceColumn.CASE: Words(vi="Mã hồ sơ", en="Case code"),
    EvidenceColumn.NUMBER: Words(vi="Số văn bản", en="Document number"),
    EvidenceColumn.SIGNED: Words(vi="Ngày văn bản", en="Document date"),
    EvidenceColumn.FINISHED: Words(vi="Xong lúc", en="Finished at"),
}
_HEADINGS: Final = {
    EvidenceColumn.CASE: (*KNOWN["case_id"], "case code", "case_id"),
    EvidenceColumn.NUMBER: (
        *("số văn bản", "số, ký hiệu", "số ký hiệu", "số hiệu văn bản", "số và ký hiệu", "số ký hiệu văn bản", "số"),
        *("document number", "document_number"),
    ),
    EvidenceColumn.SIGNED: (
        *("ngày văn bản", "ngày ký", "ngày ký văn bản", "ngày ban hành", "document date", "signed at", "signed_at"),
    ),
    EvidenceColumn.FINISHED: (
        "xong lúc",
        "thời điểm xong",
        "ngày xong",
        "hoàn thành lúc",
        "finished at",
        "finished_at",
    ),
}
_BY_HEADING: Final = {folded(heading): column for column, headings in _HEADINGS.items() for heading in headings}
_NEEDED: Final = (EvidenceColumn.CASE, EvidenceColumn.NUMBER, EvidenceColumn.SIGNED)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceRow:
    """A row as it stands: its number in the file, from 1, and what its cells say, dates and instants as the contract writes them.

    A date that cannot be read stands as it is written, for whoever checks it to name.
    """

    number: int
    case_id: str
    document_number: str
    signed_at: str
    finished_at: str


class EvidenceUnreadable(Exception):  # noqa: N818 - it names the state of the file
    """The file as a whole is no table of evidence; `words` say why."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(words.en)


def read_evidence(path: Path, zone: ZoneInfo) -> list[EvidenceRow]:
    """The rows of the first sheet that has the headings; instants without an offset are of `zone`. Raises EvidenceUnreadable, and OSError."""
    try:
        with opened_log(path) as log:
            if log.format.sheets is None:
                raise EvidenceUnreadable(Words(vi="tệp không phải CSV hay XLSX", en="the file is neither CSV nor XLSX"))
            for sheet in log.format.sheets(log.stream, _READ_MAX):
                for place, row in enumerate(sheet.rows[:HEADINGS_WITHIN]):
                    places = _places(row)
                    if all(column in places for column in _NEEDED):
                        return _rows(sheet, place + 1, places, zone)
    except SourceError as error:
        raise EvidenceUnreadable(
            Words(vi=f"không đọc được tệp: {error}", en=f"the file cannot be read: {error}")
        ) from None
    needed = ", ".join(f"“{COLUMN_WORDS[column].vi}”" for column in _NEEDED)
    needed_en = ", ".join(f"“{COLUMN_WORDS[column].vi}” ({COLUMN_WORDS[column].en})" for column in _NEEDED)
    raise EvidenceUnreadable(
        Words(vi=f"không thấy các cột {needed} ở những dòng đầu", en=f"no columns {needed_en} in the first rows")
    )


def _places(row: TableRow) -> dict[EvidenceColumn, int]:
    found: dict[EvidenceColumn, int] = {}
    for place, cell in enumerate(row.cells):
        column = _BY_HEADING.get(folded(cell_text(cell)))
        if column is not None:
            found.setdefault(column, place)
    return found


def _rows(sheet: WholeSheet, first: int, places: Mapping[EvidenceColumn, int], zone: ZoneInfo) -> list[EvidenceRow]:
    rows = list(islice(_said(sheet.rows[first:], places, zone), ROWS_MAX + 1))
    if not rows:
        raise EvidenceUnreadable(Words(vi="bảng không có dòng nào", en="the table has no rows"))
    if len(rows) > ROWS_MAX:
        raise EvidenceUnreadable(
            Words(
                vi=f"bảng có hơn {ROWS_MAX} dòng; chia thành nhiều tệp",
                en=f"the table has more than {ROWS_MAX} rows; divide it",
            )
        )
    return rows


def _said(rows: Sequence[TableRow], places: Mapping[EvidenceColumn, int], zone: ZoneInfo) -> Iterator[EvidenceRow]:
    for row in rows:
        if is_blank(row.cells):
            continue
        cells = {column: row.cell(places.get(column)) for column in EvidenceColumn}
        yield EvidenceRow(
            number=row.number,
            case_id=_text(cells[EvidenceColumn.CASE]),
            document_number=_text(cells[EvidenceColumn.NUMBER]),
            signed_at=when(cells[EvidenceColumn.SIGNED], zone),
            finished_at=when(cells[EvidenceColumn.FINISHED], zone),
        )


def _text(cell: Cell) -> str:
    text = " ".join(cell_text(cell).replace(BROKEN, "\ufffd").split())
    # A spreadsheet's guard against formulas.
    return text.removeprefix("'") if text.startswith(("'=", "'+", "'-", "'@")) else text


def when(cell: Cell, zone: ZoneInfo) -> str:
    """The date or instant that the cell says, as the contract writes it; what cannot be read as it stands."""
    found = TableNotation(zone=zone).read(cell)
    if isinstance(found, datetime):
        return found.astimezone(zone).isoformat()
    return found.isoformat() if isinstance(found, date) else _text(cell)
