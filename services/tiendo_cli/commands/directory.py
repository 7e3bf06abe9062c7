"""`tiendo directory`: units, officers, absences, procedures, steps and calendars as tables of offices, in and out."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo_cli.applying_rules import apply_rules, rules_in_force
from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.signed_at_the_end import opened_to_append
from tiendo_cli.terminal import emit, emit_line, say

if TYPE_CHECKING:
    from tiendo_sources.directory_tables.mapping import DirectoryMapping

commands = typer.Typer(help="Who is who, and what holds for them: tables in and out.", no_args_is_help=True)


class TableKind(StrEnum):
    """The tables of the directory."""

    UNIT = "unit"
    OFFICER = "officer"
    ABSENCE = "absence"
    PROCEDURE = "procedure"
    STEP = "step"
    CALENDAR = "calendar"
    SESSION = "session"
    OVERRIDE = "override"


KindOption = Annotated[
    TableKind | None, typer.Option("--table", help="What the table is; default: what its headings say.")
]


def register(app: typer.Typer) -> None:
    """Add `tiendo directory`."""
    app.add_typer(commands, name="directory")


@commands.command("import")
def import_directory(
    file: Annotated[Path, typer.Argument(help="A table as CSV, or a workbook (XLSX) of several.", show_default=False)],
    *,
    kind: KindOption = None,
    mapping: Annotated[
        Path | None, typer.Option("--mapping", help="What the sheets and columns are, where their headings do not say.")
    ] = None,
    suggest: Annotated[bool, typer.Option("--suggest", help="Print such a mapping, and change nothing.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be changed, and change nothing.")] = False,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Bring in what the tables say differently from what holds now; as a whole or not at all.

    The exit status is 1 where a row is refused: every one is told with its line, its column and what would be right.
    """
    if mapping is not None and kind is not None:
        raise typer.BadParameter("the mapping says what the tables are", param_hint="--table")
    table = None if kind is None else kind.value
    run_command(_suggest(file, table) if suggest else _import(file, table, mapping, output, dry_run=dry_run))


async def _suggest(file: Path, kind: str | None) -> None:
    from tiendo_sources.directory_tables.mapping import mapping_text
    from tiendo_sources.directory_tables.reader import known_sheets

    emit(mapping_text(known_sheets(file, kind=kind)))


async def _import(file: Path, kind: str | None, mapping: Path | None, output: OutputFormat, *, dry_run: bool) -> None:
    from tiendo_contracts.rules_file import RulesFileError
    from tiendo_sources.directory_tables.reader import known_sheets, read_directory

    sheets = known_sheets(file, mapping=None if mapping is None else _mapping_in(mapping), kind=kind)
    async with opened_to_append() as context:
        found = read_directory(sheets, await rules_in_force(context.engine))
        try:
            changed = await apply_rules(context.engine, found.tables, dry_run=dry_run or bool(found.faults))
        except RulesFileError as error:
            placed = found.placed(error)
            raise RulesFileError([*found.faults, *placed.problems], str(file)) from None
    if found.faults:
        raise RulesFileError(found.faults, str(file))
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"changed": changed, "dry_run": dry_run}, ensure_ascii=False))
        return
    for known in sheets:
        where = f"sheet “{known.sheet.name}”" if known.sheet.name else "the table"
        unread = f"; not read: {', '.join(f'“{heading}”' for heading in known.unread)}" if known.unread else ""
        say(f"{where} is read as {known.kind}{unread}")
    _tell(changed, dry_run=dry_run)


def _mapping_in(file: Path) -> "DirectoryMapping":
    from tiendo_sources.directory_tables.mapping import parse_directory_mapping

    return parse_directory_mapping(file.read_text(encoding="utf-8-sig"))


def _tell(changed: list[str], *, dry_run: bool) -> None:
    for what in changed:
        say(what)
    if not changed:
        say("nothing changed: the directory says so already")
    else:
        say(
            f"{len(changed)} would be changed; nothing was, as this is a dry run"
            if dry_run
            else f"{len(changed)} changed"
        )


@commands.command()
def export(
    file: Annotated[
        Path, typer.Argument(help="A workbook (.xlsx) of all tables, or with --table one as .csv.", show_default=False)
    ],
    kind: Annotated[TableKind | None, typer.Option("--table", help="The table to write as CSV.")] = None,
) -> None:
    """Write what the directory says as tables that, imported, change nothing; the sheets of an empty one are forms to fill in."""
    suffix = file.suffix.casefold()
    if suffix not in {".csv", ".xlsx"}:
        raise typer.BadParameter("name a file that ends with .xlsx or .csv", param_hint="FILE")
    if (suffix == ".csv") is (kind is None):
        raise typer.BadParameter("a CSV file is one table, a workbook has them all", param_hint="--table")
    run_command(_export(file, kind))


async def _export(file: Path, kind: TableKind | None) -> None:
    from tiendo_sources.directory_tables.writing import write_csv, write_workbook

    async with opened() as context:
        book = await rules_in_force(context.engine)
    if kind is None:
        write_workbook(book, file)
    else:
        write_csv(book, kind.value, file)
    say(f"written: {file}")
