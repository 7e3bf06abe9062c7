"""What the directory says as tables that, read again, change nothing: a workbook of all, or one table as CSV."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook

from tiendo_contracts.rules_file import rules_entries
from tiendo_domain.rules import RuleBook
from tiendo_sources.directory_tables.directory_cells import JOINED, written
from tiendo_sources.directory_tables.known_headings import SHEETS, TABLES
from tiendo_sources.refused_files import written_whole

_WIDTH = 24
_TEXT = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def write_workbook(book: RuleBook, path: Path) -> None:
    """Write all tables into a workbook, a sheet each; those without an entry too, as forms to fill in."""
    entries = list(rules_entries(book))
    with written_whole(path) as file, Workbook(file, dict(_TEXT)) as workbook:
        bold, text = workbook.add_format({"bold": True}), workbook.add_format({"num_format": "@"})
        for kind in TABLES:
            sheet = workbook.add_worksheet(SHEETS[kind][0])
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, len(_columns(kind)) - 1, _WIDTH, text)
            for column, heading in enumerate(_headings(kind)):
                sheet.write_string(0, column, heading, bold)
            for number, row in enumerate(_rows(kind, entries), start=1):
                for column, cell in enumerate(row):
                    sheet.write_string(number, column, cell, text)


def write_csv(book: RuleBook, kind: str, path: Path) -> None:
    """Write one table as CSV: UTF-8 with a mark, as spreadsheets open it, and semicolons."""
    with written_whole(path) as file, TextIOWrapper(file, "utf-8-sig", newline="") as text:
        table = csv.writer(text, delimiter=";")
        table.writerow(_headings(kind))
        table.writerows(_rows(kind, rules_entries(book)))
        text.flush()


def _columns(kind: str) -> list[str]:
    """The columns that are members of the rules file; the others only say them in another way."""
    return [name for name in TABLES[kind] if name not in JOINED]


def _headings(kind: str) -> list[str]:
    return [TABLES[kind][name][0] for name in _columns(kind)]


def _rows(kind: str, entries: Iterable[tuple[str, Mapping[str, Any]]]) -> Iterator[list[str]]:
    columns = _columns(kind)
    for table, members in entries:
        if table == kind:
            yield [written(name, members[name]) if name in members else "" for name in columns]
