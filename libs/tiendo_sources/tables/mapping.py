"""The mapping of a table: which heading means what. CSV and XLSX have the same."""

from datetime import time
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from tiendo_domain.facts import DayCount
from tiendo_domain.names import name_key
from tiendo_sources.errors import MappingError
from tiendo_sources.mapping_values import (
    FixedName,
    InstantFormat,
    MappingTable,
    SourceName,
    TimeOfDay,
    ZoneName,
    checked_mapping,
    mapping_tables,
)

HEADER_ROWS_MAX = 100
DELIMITERS = {",": ",", ";": ";", "\t": "\t", "tab": "\t", "|": "|"}
LEGACY_ENCODINGS = frozenset({"tcvn3", "tcvn", "tcvn-3", "abc", "vni", "vni-windows"})
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    "utf-8-sig": "utf-8-sig",
    "utf-16": "utf-16",
    "utf16": "utf-16",
    "utf-16le": "utf-16-le",
    "utf-16-le": "utf-16-le",
    "utf-16be": "utf-16-be",
    "utf-16-be": "utf-16-be",
    "windows-1258": "cp1258",
    "cp1258": "cp1258",
}
"""The names of encodings that a mapping may say, and what Python calls them."""


class RowKind(StrEnum):
    """What a row of a table is."""

    CASE = "case"
    STEP = "step"


class StatedKind(StrEnum):
    """What a status can make of an instant; the value is the kind of the event, or that there is none."""

    COMPLETED = "completed"
    DELIVERED = "delivered"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    SUPPLEMENT_REQUESTED = "supplement-requested"
    PAYMENT_REQUESTED = "payment-requested"
    SUSPENDED = "suspended"
    IN_PROCESS = "in-process"


def _delimiter(text: str) -> str:
    if text not in DELIMITERS:
        raise ValueError(f"{text!r} separates no columns; write one of ',' ';' '|' 'tab'")
    return DELIMITERS[text]


def _encoding(text: str) -> str:
    name = text.strip().casefold().replace("_", "-")
    if name in LEGACY_ENCODINGS:
        raise ValueError(
            f"{text!r} is not read: convert the file to UTF-8 first, with UniKey (Ctrl+Shift+F6) or a like program"
        )
    if name not in ENCODINGS:
        raise ValueError(f"{text!r} is not read; write one of utf-8, utf-16, windows-1258")
    return ENCODINGS[name]


def _heading(text: str) -> str:
    if not name_key(text):
        raise ValueError("an empty heading names no column; leave the line out")
    return text


Heading = Annotated[str, AfterValidator(_heading)]
"""A heading as it stands."""


class TableTimes(MappingTable):
    """How instants are written: `zone` of those without an offset, `format` in the directives of strptime, `time_of_day` of dates alone."""

    zone: ZoneName | None = None
    format: InstantFormat | None = None
    time_of_day: TimeOfDay | None = None

    @property
    def daytime(self) -> time | None:
        """What a date alone means, if that is said."""
        return time.fromisoformat(self.time_of_day) if self.time_of_day else None


class TableShape(MappingTable):
    """What a row is, where the headings stand, and how the cells are written.

    The headings stand in the first `header_rows` rows; of a column's headings the lowest counts. `sheet`: its name, or its number from 1.
    """

    row: RowKind = Field(default=RowKind.CASE, strict=False)
    header_rows: Annotated[int, Field(ge=1, le=HEADER_ROWS_MAX)] = 1
    sheet: str | Annotated[int, Field(ge=1)] | None = None
    delimiter: Annotated[str, AfterValidator(_delimiter)] | None = None
    encoding: Annotated[str, AfterValidator(_encoding)] | None = None


INSTANTS_OF_CASES = ("received", "completed", "delivered", "declined", "withdrawn")
INSTANTS_OF_STEPS = ("started", "ended")
STEP_COLUMNS = (
    "step",
    "step_id",
    "officer",
    "officer_id",
    "officer_unit",
    "position",
    *INSTANTS_OF_STEPS,
    "allotted_minutes",
)


class Columns(MappingTable):
    """The headings of the columns that are read; no other is."""

    case_id: Heading
    received: Heading | None = None
    due: Heading | None = None
    completed: Heading | None = None
    delivered: Heading | None = None
    declined: Heading | None = None
    withdrawn: Heading | None = None
    unit: Heading | None = None
    unit_id: Heading | None = None
    procedure: Heading | None = None
    field: Heading | None = None
    channel: Heading | None = None
    step: Heading | None = None
    step_id: Heading | None = None
    officer: Heading | None = None
    officer_id: Heading | None = None
    officer_unit: Heading | None = None
    position: Heading | None = None
    started: Heading | None = None
    ended: Heading | None = None
    allotted_minutes: Heading | None = None

    @property
    def named(self) -> dict[str, str]:
        """Heading by what it means."""
        return self.model_dump(exclude_none=True)


class FixedProcedure(FixedName):
    """The procedure of rows that name none."""

    norm_minutes: Annotated[int, Field(ge=0)] | None = None
    days: DayCount | None = Field(default=None, strict=False)


class StatusMeaning(MappingTable):
    """Where `column` says `text`, the instant of the column `at` (default: that of `completed`) is one of `kind`, and of nothing else."""

    column: Heading
    text: str
    kind: StatedKind = Field(strict=False)
    at: Heading | None = None


class TableMapping(MappingTable):
    """What the columns of one table mean. `whole`: the table lists everything that its source has, so what it lists no more has disappeared."""

    source: SourceName
    whole: bool = False
    time: TableTimes = TableTimes()
    table: TableShape = TableShape()
    columns: Columns
    procedure: FixedProcedure | None = None
    status: tuple[StatusMeaning, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        named = self.columns.named
        is_step = self.table.row is RowKind.STEP
        kinds = (*INSTANTS_OF_CASES, *(INSTANTS_OF_STEPS if is_step else ()))
        if not is_step and (steps := sorted(set(named) & set(STEP_COLUMNS))):
            raise ValueError(f'columns.{steps[0]} is for tables of steps; write `row = "step"` under [table]')
        if not any(kind in named for kind in kinds) and not any(each.at for each in self.status):
            raise ValueError(f"no column says when anything happened; name one of {', '.join(kinds)} under [columns]")
        if any(each.at is None for each in self.status) and self.columns.completed is None:
            raise ValueError("a [[status]] without `at` needs columns.completed")
        return self

    @property
    def status_headings(self) -> tuple[str, ...]:
        """The headings that statuses name."""
        return tuple(heading for each in self.status for heading in (each.column, each.at) if heading is not None)


def parse_table_mapping(text: str | None) -> TableMapping:
    """The mapping in the TOML `text`; raises MappingError, also where there is none, as a table says nothing by itself."""
    if text is None:
        raise MappingError("none given", "a table needs one: `tiendo import --suggest FILE` prints one to look through")
    return checked_mapping(mapping_tables(text), TableMapping)


def heading_key(heading: str) -> str:
    """What headings are compared by: as names are (rule H3)."""
    return name_key(heading)


Place = Literal["line", "row"]
"""What a table's file calls a row."""
