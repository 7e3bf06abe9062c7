"""A mapping suggested for a table, of what its headings and first rows look like; a comment stands wherever it could not tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from tiendo_domain.rules import RuleBook
from tiendo_sources.errors import LogUnreadable
from tiendo_sources.mapping_values import toml_string
from tiendo_sources.tables.cells import Cell, TableRow, cell_text
from tiendo_sources.tables.headings import headings_of
from tiendo_sources.tables.known_headings import is_of_applicant, is_status, likely_meaning_of, meaning_of
from tiendo_sources.tables.mapping import INSTANTS_OF_CASES, INSTANTS_OF_STEPS, STEP_COLUMNS, Columns
from tiendo_sources.tables.stated import TableNotation
from tiendo_sources.written_instants import InstantFault

SAMPLE_ROWS = 100
_HEADER_ROWS_MAX = 20
_INSTANTS = frozenset({*INSTANTS_OF_CASES, *INSTANTS_OF_STEPS, "due"})
_MONTH_FIRST = "%m/%d/%Y %H:%M"
_STATUSES_MAX = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Guess:
    """A column: its heading, what it means, and whether that is a guess; `meaning` None: nothing known."""

    column: int
    heading: str
    meaning: str | None
    is_guess: bool = False


def suggestion(rows: Sequence[TableRow], found: Sequence[str]) -> str:
    """The text of a mapping for a table that begins with `rows`, headings and blank ones included.

    `found` are lines on how the table is written. Raises LogUnreadable where the table is empty.
    """
    header_rows, guesses = _best_headings(rows)
    samples = rows[header_rows:]
    chosen = _chosen(guesses)
    is_step = any(name in chosen for name in STEP_COLUMNS)
    zone = RuleBook().default_calendar.zone
    lines = [
        "# Suggested for this table; look through it before you import. Only the columns named here are read.",
        'source = "/tables/my-table"  # a path of your own: keep it for a table that grows, take another for another table',
        "# whole = true  # the table lists everything that its source has: then it is told what an earlier one listed and it does not",
        "",
        "[time]",
        f'zone = "{zone.key}"',
        *_about_time(chosen, samples, zone),
        "",
        "[table]",
        f'row = "{"step" if is_step else "case"}"',
        f"header_rows = {header_rows}",
        *found,
        "",
        "[columns]",
        *_columns(chosen, guesses, is_step=is_step),
        *_statuses(guesses, samples),
    ]
    return "\n".join(lines) + "\n"


def _best_headings(rows: Sequence[TableRow]) -> tuple[int, list[_Guess]]:
    """The number of the rows of headings by which most are known, and the columns."""
    best: tuple[int, list[_Guess]] | None = None
    best_known = -1
    for count in range(1, min(_HEADER_ROWS_MAX, len(rows)) + 1):
        try:
            shown = headings_of(rows[:count]).shown
        except LogUnreadable:
            continue
        guesses = [_guess(column, heading) for column, heading in enumerate(shown)]
        known = len({guess.meaning for guess in guesses if guess.meaning and not guess.is_guess})
        if known > best_known:
            best, best_known = (count, guesses), known
    if best is None:
        raise LogUnreadable("the table is empty")
    return best


def _guess(column: int, heading: str) -> _Guess:
    meaning = meaning_of(heading)
    if meaning is not None or is_of_applicant(heading):
        return _Guess(column=column, heading=heading, meaning=meaning)
    return _Guess(column=column, heading=heading, meaning=likely_meaning_of(heading), is_guess=True)


def _chosen(guesses: Sequence[_Guess]) -> dict[str, _Guess]:
    """The column of each meaning: the first whose heading is known, else the first that is likely."""
    chosen: dict[str, _Guess] = {}
    for guess in sorted(guesses, key=lambda one: one.is_guess):
        if guess.meaning is not None:
            chosen.setdefault(guess.meaning, guess)
    return chosen


def _columns(chosen: dict[str, _Guess], guesses: Sequence[_Guess], *, is_step: bool) -> Iterator[str]:
    for name in Columns.model_fields:
        if name in STEP_COLUMNS and not is_step:
            continue
        guess = chosen.get(name)
        if guess is not None:
            unsure = "  # by the likeness of its heading: is that so?" if guess.is_guess else ""
            yield f"{name} = {toml_string(guess.heading)}{unsure}"
        elif name == "case_id" or (name in INSTANTS_OF_CASES[:2] and not is_step):
            yield f'# {name} = ""  # could not tell which column this is'
        else:
            yield f'# {name} = ""'
    taken = {guess.column for guess in chosen.values()}
    for guess in guesses:
        if guess.column in taken or not guess.heading:
            continue
        if is_of_applicant(guess.heading):
            yield f"# not read: {toml_string(guess.heading)}, which tells of the applicant"
        elif guess.meaning is not None:
            yield f"# not read: {toml_string(guess.heading)}; it may be {guess.meaning} as well"
        else:
            yield f"# not read: {toml_string(guess.heading)}"


def _about_time(chosen: dict[str, _Guess], samples: Sequence[TableRow], zone: ZoneInfo) -> Iterator[str]:
    """Yield what the instants of the first rows need to be read."""
    columns = {name: guess for name, guess in chosen.items() if name in _INSTANTS}
    cells = {name: [row.cell(guess.column) for row in samples] for name, guess in columns.items()}
    if _unread(cells, TableNotation(zone=zone)) > _unread(cells, TableNotation(zone=zone, format=_MONTH_FIRST)):
        yield f'format = "{_MONTH_FIRST}"  # month before day, as some of the first rows can only be read so'
        notation = TableNotation(zone=zone, format=_MONTH_FIRST)
    else:
        notation = TableNotation(zone=zone)
    for name, found in cells.items():
        read = [(cell, notation.read(cell)) for cell in found]
        heading = toml_string(columns[name].heading)
        if bad := next((cell for cell, one in read if isinstance(one, InstantFault)), None):
            yield f"# could not read {toml_string(cell_text(bad))} in {heading}; say `format`, in the directives of strptime"
        if name != "due" and any(one is not None and not isinstance(one, datetime | InstantFault) for _, one in read):
            yield f'# time_of_day = "07:00"  # {heading} has dates without a time of day: their rows are refused unless this says one'


def _unread(cells: dict[str, list[Cell]], notation: TableNotation) -> int:
    return sum(isinstance(notation.read(cell), InstantFault) for column in cells.values() for cell in column)


def _statuses(guesses: Sequence[_Guess], samples: Sequence[TableRow]) -> Iterator[str]:
    for guess in guesses:
        if not is_status(guess.heading):
            continue
        texts = dict.fromkeys(text for row in samples if (text := cell_text(row.cell(guess.column))))
        yield ""
        yield "# Where the status says that the instant under `completed` means something else:"
        for text in list(texts)[:_STATUSES_MAX]:
            yield "# [[status]]"
            yield f"# column = {toml_string(guess.heading)}"
            yield f"# text = {toml_string(text)}"
            yield '# kind = "completed"  # or delivered, declined, withdrawn, in-process'
