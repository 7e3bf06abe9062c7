"""`tiendo sources`: which systems events come from, and which of them are used no more."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.terminal import emit_line, fail, say
from tiendo_event_store.reading.arrivals import arriving_sources
from tiendo_event_store.sources.disappeared_rows import disappeared_rows_of
from tiendo_event_store.sources.retired_sources import KnownSource, known_sources, retire_source

commands = typer.Typer(help="Which systems events come from, and which are used no more.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `tiendo sources`."""
    app.add_typer(commands, name="sources")


@commands.callback()
def sources() -> None:
    """Which systems events come from, and which are used no more."""


@commands.command("list")
def list_sources(output: FormatOption = OutputFormat.TABLE) -> None:
    """List the sources: when the last event came of each, and when it was polled last, where it is polled."""
    run_command(_list(output))


@commands.command()
def retire(source: Annotated[str, typer.Argument(help="The source, as `tiendo sources list` shows it.")]) -> None:
    """Expect nothing more of a source: doctor, metrics and quality tell its silence no more. One that sends again is in use again."""
    run_command(_retire(source))


@commands.command()
def disappeared(
    source: Annotated[str, typer.Argument(help="The source, as `tiendo sources list` shows it.")],
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """List what a source listed before and does not any more: cases and rows of cases, with the instant at which each was missed first."""
    run_command(_disappeared(source, output))


async def _disappeared(source: str, output: OutputFormat) -> None:
    async with opened() as context, context.engine.connect() as connection:
        found = await disappeared_rows_of(connection, source)
    rows = [{"case_id": one.row.case_id, "item": one.row.item, "missed_at": _text(one.missed_at)} for one in found]
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"rows": rows}, ensure_ascii=False))
        return
    for row in rows:
        what = "the whole case" if row["item"] == row["case_id"] else str(row["item"])
        say(f"{row['case_id']}: {what}, missed since {row['missed_at']}")


async def _known() -> list[KnownSource]:
    async with opened() as context, context.engine.connect() as connection:
        return await known_sources(connection, [one.source for one in await arriving_sources(connection)])


async def _list(output: OutputFormat) -> None:
    found = await _known()
    if output is OutputFormat.JSON:
        members = ("source", "last_at", "polled_at", "retired_at")
        rows = [{**{name: _text(getattr(one, name)) for name in members}, "retired": one.is_retired} for one in found]
        emit_line(json.dumps({"sources": rows}, ensure_ascii=False))
        return
    for one in found:
        told = [f"last event {_text(one.last_at) or 'never'}"]
        told += [f"last polled {_text(one.polled_at)}"] if one.polled_at is not None else []
        told += [f"retired {_text(one.retired_at)}"] if one.is_retired else []
        say(f"{one.source}: {', '.join(told)}")


async def _retire(source: str) -> None:
    if source not in {one.source for one in await _known()}:
        fail(f"no event came of {source}, and it was never polled; `tiendo sources list` shows those that are known")
    async with opened() as context, context.engine.begin() as connection:
        await retire_source(connection, source)
    say(f"{source} is retired; it is in use again as soon as something comes of it")


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone(UTC).isoformat(timespec="seconds")
