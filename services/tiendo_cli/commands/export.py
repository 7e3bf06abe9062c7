"""`tiendo export`: what is stored, as files of formats that other programs read."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, cast

import typer

from tiendo_cli.context import Context, complain, opened, run_command
from tiendo_cli.terminal import binary_output


class ExportFormat(StrEnum):
    """The formats."""

    EVENTS = "events"
    XES = "xes"
    OCEL = "ocel"
    PARQUET = "parquet"


class ExportedTable(StrEnum):
    """The tables that Parquet files hold."""

    HOLDS = "holds"
    ATTRIBUTIONS = "attributions"
    CASES = "cases"


_STANDARD_OUTPUT = Path("-")


def register(app: typer.Typer) -> None:
    """Add `tiendo export`."""
    app.command("export")(export)


def export(
    *,
    output: Annotated[ExportFormat, typer.Option("--format", help="events: CloudEvents as NDJSON.")],
    out: Annotated[
        Path, typer.Option("--out", help="The file, packed if it ends in .gz; -: standard output.", show_default=False)
    ],
    what: Annotated[
        ExportedTable | None, typer.Option("--what", help="Of Parquet: which table.", show_default=False)
    ] = None,
) -> None:
    """Write every event of the cases, or the tables made of them, into a file; what is there under its name is whole."""
    if (what is not None) != (output is ExportFormat.PARQUET):
        raise typer.BadParameter("--what holds|attributions|cases goes with --format parquet, and only with it")
    if output is ExportFormat.PARQUET and out.suffix == ".gz":
        raise typer.BadParameter("Parquet is packed already; leave .gz out", param_hint="--out")
    run_command(_export(output, out, what))


async def _export(output: ExportFormat, out: Path, what: ExportedTable | None) -> None:
    async with opened() as context:
        if what is not None:
            is_simulated = await _export_table(context, out, what)
        else:
            is_simulated = await _export_events(context, output, out)
    if is_simulated:
        from tiendo_contracts.answers.common import SIMULATED_NOTICE

        complain(SIMULATED_NOTICE)


async def _export_events(context: Context, output: ExportFormat, out: Path) -> bool:
    from tiendo_cli.exporting.exported_logs import write_events, write_ocel, write_xes
    from tiendo_event_store import EventLog

    write = {ExportFormat.EVENTS: write_events, ExportFormat.XES: write_xes, ExportFormat.OCEL: write_ocel}[output]
    with _output(out) as file:
        return await write(EventLog(context.engine), file)


async def _export_table(context: Context, out: Path, what: ExportedTable) -> bool:
    from tiendo_cli.exporting.exported_tables import write_parquet
    from tiendo_cli.projected import bring_level

    await bring_level(context)
    with _output(out) as file:
        return await write_parquet(context.engine, what.value, file)


@contextmanager
def _output(out: Path) -> Iterator[IO[bytes]]:
    from tiendo_sources.refused_files import written_whole

    if out == _STANDARD_OUTPUT:
        with binary_output() as file:
            yield file
        return
    with written_whole(out) as raw:
        if out.suffix != ".gz":
            yield raw
            return
        # No name and no instant in the header: the same events are the same file.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=5, fileobj=raw, mtime=0) as packed:
            yield cast("IO[bytes]", packed)
