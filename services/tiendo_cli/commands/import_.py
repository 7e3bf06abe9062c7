"""`tiendo import`: files of events into the log."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn

from tiendo_cli.applying_rules import apply_rules, naming
from tiendo_cli.context import FormatOption, OutputFormat, run_command
from tiendo_cli.importing.file_import import SHOWN_MAX, ImportTally, import_file, in_one_line
from tiendo_cli.importing.file_import import Progress as Told
from tiendo_cli.signed_at_the_end import opened_to_append
from tiendo_cli.terminal import complain, emit_line, fail, progress_bar, say, visible
from tiendo_sources.errors import MappingError
from tiendo_sources.formats import Reading, formats
from tiendo_sources.mapping_values import mapping_text
from tiendo_sources.opening import opened_log


def register(app: typer.Typer) -> None:
    """Add `tiendo import`."""
    app.command("import")(import_)


def import_(
    *,
    file: Annotated[
        Path,
        typer.Argument(
            help="CloudEvents as NDJSON, a log as XES or OCEL 2.0 (JSON), a table as CSV or XLSX; plain or packed with gzip.",
            show_default=False,
        ),
    ],
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="Which attributes or headings mean what (see deploy/examples); a table needs one.", show_default=False
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Keep nothing; say what would become of the file.")
    ] = False,
    refused: Annotated[
        Path | None,
        typer.Option(
            help="Write what is refused here, in the file's format, with the reason („Lý do“).", show_default=False
        ),
    ] = None,
    suggest: Annotated[
        bool, typer.Option("--suggest", help="Print a mapping for a table, and import nothing.")
    ] = False,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Bring a file of events into the log, as if they had been sent.

    Importing again appends nothing twice, so an interrupted import is resumed by running it again.
    """
    if suggest and (mapping or refused or dry_run):
        raise typer.BadParameter("--suggest imports nothing: give it alone")
    if refused is not None and refused.exists() and file.exists() and refused.samefile(file):
        raise typer.BadParameter("--refused names the very file that is read")
    run_command(_suggest(file) if suggest else _import(file, mapping, refused, output, dry_run=dry_run))


async def _suggest(file: Path) -> None:
    with opened_log(file) as log:
        if log.format.suggested is None:
            tables = " and ".join(one.described for one in formats() if one.suggested is not None)
            raise MappingError(
                "none suggested", f"mappings are suggested for {tables}; {file.name} is {log.format.name}"
            )
        emit_line(log.format.suggested(log.stream).rstrip())


async def _import(
    file: Path, mapping_file: Path | None, refused: Path | None, output: OutputFormat, *, dry_run: bool
) -> int:
    reading = _reading_of(file, mapping_file)
    if refused is not None and reading.refused_file is None:
        fail(f"--refused: what is refused of {file.name} cannot be written in its format; see GET /v1/rejections")
    async with opened_to_append() as context:
        with naming(mapping_file):
            applied = bool(reading.rules) and not dry_run
            changed = await apply_rules(context.engine, dict(reading.rules)) if applied else []
        with _progress(file) as progress, _resumable(dry_run=dry_run):
            tally = await import_file(
                context.engine, file, reading, progress=progress, dry_run=dry_run, refused_path=refused
            )
    _report(tally, changed, output, refused=refused, dry_run=dry_run)
    return 0 if tally.complete else 1


def _reading_of(file: Path, mapping_file: Path | None) -> Reading:
    """How to read `file`; whatever is wrong with it or with the mapping is said before anything is written."""
    with opened_log(file) as log:
        file_format = log.format
    if mapping_file is not None and not file_format.takes_mapping:
        mapped = " and ".join(one.described for one in formats() if one.takes_mapping)
        raise MappingError("whole file", f"a mapping is for {mapped}; {file.name} is {file_format.name}")
    reading = file_format.reading(None if mapping_file is None else mapping_text(mapping_file))
    if reading.told is not None:
        complain(reading.told)
    return reading


@contextmanager
def _resumable(*, dry_run: bool) -> Iterator[None]:
    try:
        yield
    except asyncio.CancelledError:
        if not dry_run:
            complain("what was read so far is in the log; run the same command again to go on")
        raise


@contextmanager
def _progress(file: Path) -> Iterator[Told]:
    """Shows a bar where a person watches, and nothing elsewhere."""
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[events]} events"),
        TimeRemainingColumn(),
    )
    with progress_bar(*columns) as bar:
        task = bar.add_task(visible(file.name), total=file.stat().st_size, events="0")
        yield lambda position, tally: bar.update(task, completed=position, events=f"{tally.read:,}")


def _report(
    tally: ImportTally, changed: list[str], output: OutputFormat, *, refused: Path | None, dry_run: bool
) -> None:
    figures = {
        "dry_run": dry_run,
        "accepted": tally.accepted,
        "duplicates": tally.duplicates,
        "rejected": tally.refused,
        "first_position": tally.first_position,
        "last_position": tally.last_position,
        "rules_changed": changed,
        "request": tally.request,
        "refused": [
            {"problem": f"/problems/{problem}", "number": each.number, "example": each.example}
            for problem, each in tally.kinds.items()
        ],
        "remarks": [
            {"kind": kind, "number": each.number, "example": each.example} for kind, each in tally.remarks.items()
        ],
        "disappeared": _shown_disappeared(tally),
    }
    if output is OutputFormat.JSON:
        emit_line(json.dumps(figures, ensure_ascii=False))
    else:
        for what in changed:
            say(f"rules: {what}")
        say(f"accepted: {tally.accepted:,}   duplicates: {tally.duplicates:,}   rejected: {tally.refused:,}")
        if dry_run:
            say("a dry run: nothing was kept")
    _tell_refused(tally)
    if tally.refused and not dry_run:
        complain(f"what was refused is kept: GET /v1/rejections?request={tally.request}")
    _tell_disappeared(tally)
    if tally.refused and refused is not None:
        complain(f"what was refused stands in {refused}")
    if tally.damage is not None:
        complain(f"tiendo: {tally.damage}" + ("; what came before was taken" if tally.read and not dry_run else ""))


def _shown_disappeared(tally: ImportTally) -> dict[str, Any] | None:
    if tally.disappeared is None:
        return None
    rows = [{"case_id": row.case_id, "item": row.item} for row in tally.disappeared[:SHOWN_MAX]]
    return {"number": len(tally.disappeared), "examples": rows}


def _tell_disappeared(tally: ImportTally) -> None:
    if tally.listing_is_incomplete:
        complain(
            "what disappeared was not looked for: the file lists nothing, could not be read to its end, or has something refused that may be of any case"
        )
    for row in (tally.disappeared or ())[:SHOWN_MAX]:
        what = "the whole case" if row.item == row.case_id else f"of it “{row.item}”"
        complain(f"listed before and not any more: {row.case_id}, {what}")
    if tally.disappeared:
        complain(
            f"{len(tally.disappeared):,} rows that this source listed before are not in the file; what they told stands "
            "(`tiendo sources disappeared SOURCE`, `tiendo quality`)"
        )


def _tell_refused(tally: ImportTally) -> None:
    for kind, counted in tally.remarks.items():
        complain(f"{kind.words}: {counted.number:,}, for example {counted.example}")
    for each in tally.shown:
        complain(f"{each.where}: {in_one_line(each.problem)}")
    if tally.refused > len(tally.shown):
        complain(f"and {tally.refused - len(tally.shown):,} more")
        for problem, counted in tally.kinds.items():
            complain(f"/problems/{problem}: {counted.number:,}, for example {counted.example}")
