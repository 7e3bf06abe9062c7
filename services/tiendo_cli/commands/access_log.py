"""`tiendo access-log`: who looked at which case or person, and who changed what."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any

import typer

from tiendo_cli.context import FormatOption, OutputFormat, entered_by, opened, run_command
from tiendo_cli.tables.printed_tables import Listing, TableColumn
from tiendo_cli.terminal import emit_line, fail, say, show
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_event_store.access_log import AccessKind, check_access_log, note_head
from tiendo_event_store.access_log.reading import AskedAccess, entries_before

_PAGE = 500
_COLUMNS = tuple(TableColumn(heading) for heading in ("number", "at", "who", "name", "kind", "subject", "address"))

commands = typer.Typer(help="Show who looked at whom, and verify that nothing was changed.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `tiendo access-log`."""
    app.add_typer(commands, name="access-log")


@commands.command("list")
def list_entries(
    *,
    who: Annotated[str | None, typer.Option(help="The id of a key, person:…, or command-line:….")] = None,
    kind: Annotated[AccessKind | None, typer.Option(help="What was looked at or changed.")] = None,
    subject: Annotated[str | None, typer.Option(help="The code of a case, the id of an officer or key.")] = None,
    start: Annotated[str | None, typer.Option("--from", help="From this instant on (RFC 3339).")] = None,
    end: Annotated[str | None, typer.Option("--to", help="Before this instant (RFC 3339).")] = None,
    limit: Annotated[int, typer.Option(min=1, max=_PAGE, help="How many entries, the newest first.")] = 50,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """List entries, the newest first."""
    asked = AskedAccess(who=who, kind=kind, subject=subject, start=_instant(start, "--from"), end=_instant(end, "--to"))
    run_command(_list(asked, limit, output))


async def _list(asked: AskedAccess, limit: int, output: OutputFormat) -> None:
    async with opened() as context:
        entries = await entries_before(context.engine, asked, None, limit)
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"items": list(entries)}, ensure_ascii=False, indent=2))
        return
    show(Listing(columns=_COLUMNS, rows=_rows(entries)))


def _rows(entries: Sequence[Mapping[str, Any]]) -> list[tuple[str, ...]]:
    return [tuple(str(entry[column.heading]) for column in _COLUMNS) for entry in entries]


@commands.command()
def verify(output: FormatOption = OutputFormat.TABLE) -> None:
    """Read the whole access log, say whether anything was changed or cut off, and note its head in the log. Status 1 if so."""
    run_command(_verify(output))


async def _verify(output: OutputFormat) -> None:
    async with opened() as context:
        found = await check_access_log(context.engine)
        head = None if found.fault is not None else await note_head(context.engine, entered_by=entered_by())
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"first": found.first, "entries": found.entries, "fault": found.fault, "head": head}))
    if found.fault is not None:
        fail(f"the access log was changed: {found.fault}")
    if output is OutputFormat.TABLE:
        say(f"{found.entries} entries from {found.first} on, each as it was written; the head was noted in the log")


def _instant(text: str | None, option: str) -> datetime | None:
    try:
        return None if text is None else parse_instant(text)
    except ValueError as error:
        raise typer.BadParameter(f"{error}, such as 2026-12-01T00:00:00+07:00", param_hint=option) from None
