"""A simulation as an office's table of it: the file, the mapping that goes with it, and the truth beside."""

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Protocol

from xlsxwriter import Workbook

from tiendo_simulation import Simulation, truth_path
from tiendo_simulation.story_lines import event_lines
from tiendo_sources.refused_files import written_whole
from tiendo_sources.tables.told_rows import USUAL_DEFECTS, mapping_text, table_heads, told_rows

_TOLD_EVERY = 500


class _Rows(Protocol):
    def writerow(self, row: list[str], /) -> object:
        """Add a row."""


def mapping_path(out: Path) -> Path:
    """Where the mapping of the table in `out` stands."""
    return out.with_name(out.name + ".mapping.toml")


def write_table_of(simulation: Simulation, out: Path, *, as_workbook: bool, progress: Callable[[int], None]) -> int:
    """How many rows of cases were written to `out`; the mapping and the ground truth stand beside it.

    The same simulation gives the same rows. Raises OSError where they cannot be written.
    """
    rows = 0
    source = f"/simulation/{simulation.preset.name}/table"
    with written_whole(truth_path(out)) as truth, _written(out, as_workbook=as_workbook) as table:
        for head in table_heads():
            table.writerow(head)
        for number, told in enumerate(simulation.cases(), start=1):
            truth.write(f"{told.truth}\n".encode())
            for row in told_rows([json.loads(line) for line in event_lines(told.story)], USUAL_DEFECTS):
                table.writerow(row)
                rows += 1
            if number % _TOLD_EVERY == 0 or number == simulation.case_count:
                progress(number)
    with written_whole(mapping_path(out)) as file:
        file.write(mapping_text(source).encode())
    return rows


@contextmanager
def _written(out: Path, *, as_workbook: bool) -> Iterator[_Rows]:
    with written_whole(out) as file:
        if as_workbook:
            with Workbook(file, {"constant_memory": True}) as book:
                yield _SheetRows(book)
        else:
            with TextIOWrapper(file, "utf-8-sig", newline="") as text:
                yield csv.writer(text, delimiter=";")


class _SheetRows:
    def __init__(self, book: Workbook) -> None:
        self._sheet = book.add_worksheet("Hồ sơ")
        self._line = 0

    def writerow(self, row: list[str], /) -> None:
        """Add a row; texts stay texts."""
        for column, text in enumerate(row):
            if text:
                self._sheet.write_string(self._line, column, text)
        self._line += 1
