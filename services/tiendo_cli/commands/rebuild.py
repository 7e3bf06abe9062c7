"""`tiendo rebuild`: the read models anew from the log."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeRemainingColumn
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.terminal import complain, emit_line, progress_bar, say
from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_projector import Phase, ProjectorError, RebuildProgress, Report, rebuild
from tiendo_read_models.status import ProjectionStatus, faulty_cases, projection_status

_POOL_SIZE = 8
_FAULTS_SHOWN_MAX = 10
_DESCRIPTIONS = {
    Phase.FILLING: "folding cases",
    Phase.INDEXING: "indexing",
    Phase.CATCHING_UP: "catching up with the log",
    Phase.DONE: "done",
}


def register(app: typer.Typer) -> None:
    """Add `tiendo rebuild`."""
    app.command("rebuild")(rebuild_)


def rebuild_(
    processes: Annotated[
        int | None,
        typer.Option(min=1, max=64, help="How many processes fold cases; one a core if not said.", show_default=False),
    ] = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Make the read models anew from the log.

    What there is stays readable and is kept up to date until the new ones are level with it and take its place.
    """
    run_command(_rebuild(processes, output))


async def _rebuild(processes: int | None, output: OutputFormat) -> int:
    began = time.monotonic()
    async with opened(pool_size=_POOL_SIZE, role=DatabaseRole.PROJECTOR) as context:
        try:
            with _progress() as report:
                await rebuild(context.engine, report, processes=processes)
        except ProjectorError as error:
            complain(f"tiendo: {error}")
            return 1
        status = await projection_status(context.engine)
        _tell(status, time.monotonic() - began, output)
        await _tell_faults(context.engine, status)
    return 0


@contextmanager
def _progress() -> Iterator[Report]:
    """Shows a bar where a person watches, and nothing elsewhere."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[cases]} cases"),
        TimeRemainingColumn(),
    )
    with progress_bar(*columns) as bar:
        task = bar.add_task(_DESCRIPTIONS[Phase.FILLING], total=None, cases="0")

        def report(told: RebuildProgress) -> None:
            bar.update(
                task,
                description=_DESCRIPTIONS[told.phase],
                total=told.events_total,
                completed=told.events_total if told.phase is Phase.DONE else told.events,
                cases=f"{told.cases:,}",
            )

        yield report


def _tell(status: ProjectionStatus, seconds: float, output: OutputFormat) -> None:
    figures = {
        "build": status.build.schema_name,
        "position": status.position,
        "cases": status.cases,
        "faults": status.faults,
        "seconds": round(seconds, 1),
    }
    if output is OutputFormat.JSON:
        emit_line(json.dumps(figures, ensure_ascii=False))
    else:
        say(
            f"{status.cases:,} cases up to position {status.position:,} in {seconds:.1f} s, in {status.build.schema_name}"
        )


async def _tell_faults(engine: AsyncEngine, status: ProjectionStatus) -> None:
    for fault in await faulty_cases(engine, limit=_FAULTS_SHOWN_MAX):
        complain(f"case {fault.case_id} cannot be folded: {fault.cause}")
    if status.faults > _FAULTS_SHOWN_MAX:
        complain(f"and {status.faults - _FAULTS_SHOWN_MAX:,} more; `tiendo doctor` says more")
