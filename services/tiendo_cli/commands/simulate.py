"""`tiendo simulate`: a plausible situation, deterministic to the byte, into a file or into the log."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final, assert_never

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from tiendo_cli.context import OutputFormat, run_command
from tiendo_cli.signed_at_the_end import opened_to_append
from tiendo_cli.simulating.igate_simulation import shown_lines
from tiendo_cli.simulating.loading_national import load_national
from tiendo_cli.simulating.loading_simulation import Loaded, load_simulation
from tiendo_cli.simulating.national_simulation import told_lines
from tiendo_cli.simulating.table_simulation import write_table_of
from tiendo_cli.terminal import complain, emit_line, fail, progress_bar, say
from tiendo_simulation import (
    PRESETS,
    PlannedFigures,
    Simulation,
    SimulationError,
    directory_text,
    rules_text,
    truth_path,
    write_files,
    write_told,
)

Advance = Callable[[int], None]


class SimulationFormat(StrEnum):
    """How figures are printed, and the channels that may tell the events; without one they are CloudEvents."""

    TABLE = "table"
    JSON = "json"
    NATIONAL = "national"
    IGATE = "igate"
    CSV = "csv"
    XLSX = "xlsx"


_CHANNELS: Final = frozenset(SimulationFormat) - {SimulationFormat.TABLE, SimulationFormat.JSON}
_FILES: Final = frozenset({SimulationFormat.CSV, SimulationFormat.XLSX})


def register(app: typer.Typer) -> None:
    """Add `tiendo simulate`."""
    app.command()(simulate)


def simulate(
    *,
    preset: Annotated[str, typer.Option(help=f"Which situation: {', '.join(PRESETS)}.")] = next(iter(PRESETS)),
    scale: Annotated[float, typer.Option(help="Share of the real volume; 1 is all of it.")] = 1.0,
    seed: Annotated[int, typer.Option(min=0, help="Other cases and officers, the same figures.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Write the events here (packed if it ends in .gz), and the truth beside it.", show_default=False
        ),
    ] = None,
    load: Annotated[bool, typer.Option("--load", help="Bring the events into the log instead.")] = False,
    rules_out: Annotated[
        Path | None,
        typer.Option(help="Write the rules that go with the events, for `tiendo rules apply`.", show_default=False),
    ] = None,
    format_: Annotated[
        list[SimulationFormat] | None,
        typer.Option(
            "--format",
            help="How figures are printed (table, json), and as which channel tells the events (national, igate, csv, xlsx); may be given several times.",
        ),
    ] = None,
) -> None:
    """Simulate the events of a province, with what truly happened written apart.

    --load can be interrupted and run again: nothing is taken twice. As igate, what a gateway shows is written, one state of a dossier a line.
    """
    if (out is None) != load:
        raise typer.BadParameter("give either --out FILE or --load")
    chosen = set(format_ or ())
    channel = _channel(chosen, load=load)
    try:
        simulation = Simulation(preset, scale=scale, seed=seed)
    except SimulationError as error:
        raise typer.BadParameter(str(error)) from error
    output = OutputFormat.JSON if SimulationFormat.JSON in chosen else OutputFormat.TABLE
    if rules_out is not None:
        directory = "" if channel is not SimulationFormat.NATIONAL else "\n" + directory_text(simulation.province)
        _written(rules_out, rules_text(simulation.province) + directory)
    if out is not None:
        run_command(_write(simulation, out, output, channel))
    run_command(_load(simulation, output) if channel is None else _load_national(simulation, output))


def _channel(chosen: set[SimulationFormat], *, load: bool) -> SimulationFormat | None:
    """The channel that was chosen, None for CloudEvents."""
    channels = chosen & _CHANNELS
    if len(channels) > 1:
        raise typer.BadParameter("one channel at a time", param_hint="--format")
    if load and SimulationFormat.IGATE in channels:
        raise typer.BadParameter(
            "a gateway is polled: give --out FILE, let deploy/examples/igate_gateway.py play it, and run `tiendo serve igate`",
            param_hint="--load",
        )
    if load and channels & _FILES:
        raise typer.BadParameter("a table is a file: give --out FILE, and import that", param_hint="--load")
    return next(iter(channels), None)


def _written(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{path}: {error.strerror}")


async def _write(simulation: Simulation, out: Path, output: OutputFormat, channel: SimulationFormat | None) -> None:
    try:
        with _progress(simulation) as advance:
            lines = _write_lines(simulation, out, channel, advance)
    except OSError as error:
        fail(f"{error.filename or out}: {error.strerror}")
    _report(simulation, {"lines": lines, "events": str(out), "truth": str(truth_path(out))}, output)


def _write_lines(simulation: Simulation, out: Path, channel: SimulationFormat | None, advance: Advance) -> int:
    match channel:
        case None | SimulationFormat.TABLE | SimulationFormat.JSON:
            return write_files(simulation, out, progress=advance)
        case SimulationFormat.NATIONAL:
            return write_told(told_lines(simulation), out, progress=advance)
        case SimulationFormat.IGATE:
            return write_told(shown_lines(simulation), out, progress=advance)
        case SimulationFormat.CSV | SimulationFormat.XLSX:
            return write_table_of(simulation, out, as_workbook=channel is SimulationFormat.XLSX, progress=advance)
        case _:
            assert_never(channel)


async def _load(simulation: Simulation, output: OutputFormat) -> int:
    async with opened_to_append() as context:
        with _progress(simulation) as advance:
            loaded = await load_simulation(context.engine, simulation, progress=lambda so_far: advance(so_far.cases))
    _report(simulation, {"accepted": loaded.accepted, "duplicates": loaded.duplicates}, output)
    _complain_of_refused(loaded)
    return 0 if loaded.complete else 1


async def _load_national(simulation: Simulation, output: OutputFormat) -> int:
    async with opened_to_append() as context:
        with _progress(simulation) as advance:
            loaded = await load_national(context.engine, simulation, progress=lambda so_far: advance(so_far.cases))
    done: dict[str, object] = {"accepted": loaded.accepted, "duplicates": loaded.duplicates, "refused": loaded.refused}
    _report(simulation, done, output)
    return 1 if loaded.refused else 0


def _complain_of_refused(loaded: Loaded) -> None:
    if loaded.conflicting:
        complain(
            f"{loaded.conflicting:,} events are in the log with other content; use a log of its own or another seed"
        )
    if loaded.unstorable:
        complain(f"{loaded.unstorable:,} events could not be stored; see `tiendo doctor`")


@contextmanager
def _progress(simulation: Simulation) -> Iterator[Advance]:
    """Shows a bar where a person watches, and nothing elsewhere."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as bar:
        task = bar.add_task(f"{simulation.preset.name}, cases", total=simulation.case_count)
        yield lambda cases: bar.update(task, completed=cases)


def _report(simulation: Simulation, done: dict[str, object], output: OutputFormat) -> None:
    planned = simulation.figures()
    period = {"from": str(simulation.preset.first_day), "to": str(simulation.preset.last_day)}
    if output is OutputFormat.JSON:
        figures = {"cases": simulation.case_count, **period, "planned": asdict(planned), **done}
        emit_line(json.dumps(figures, ensure_ascii=False))
        return
    say(f"{simulation.case_count:,} cases, by plan from {period['from']} to {period['to']}: {_words(planned)}")
    for name, value in done.items():
        say(f"{name}: {value:,}" if isinstance(value, int) else f"{name}: {value}")


def _words(planned: PlannedFigures) -> str:
    return (
        f"{planned.resolved:,} resolved, {planned.resolved_overdue:,} of them overdue "
        f"({planned.actual:,} late, {planned.late_entry:,} clicked late, {planned.unproven:,} unproven); "
        f"{planned.open:,} open, {planned.open_overdue:,} of them overdue"
    )
