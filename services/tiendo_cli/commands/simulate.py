"""`tiendo simulate`: a plausible situation, deterministic to the byte, into a file or into the log."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.loading_simulation import Loaded, load_simulation
from tiendo_cli.terminal import complain, emit_line, fail, progress_bar, say
from tiendo_simulation import (
    PRESETS,
    PlannedFigures,
    Simulation,
    SimulationError,
    rules_text,
    truth_path,
    write_files,
)

Advance = Callable[[int], None]


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
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Simulate the events of a province, with what truly happened written apart.

    --load can be interrupted and run again: nothing is taken twice.
    """
    if (out is None) != load:
        raise typer.BadParameter("give either --out FILE or --load")
    try:
        simulation = Simulation(preset, scale=scale, seed=seed)
    except SimulationError as error:
        raise typer.BadParameter(str(error)) from error
    if rules_out is not None:
        _written(rules_out, rules_text(simulation.province))
    run_command(_load(simulation, output) if out is None else _write(simulation, out, output))


def _written(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        fail(f"{path}: {error.strerror}")


async def _write(simulation: Simulation, out: Path, output: OutputFormat) -> None:
    try:
        with _progress(simulation) as advance:
            lines = write_files(simulation, out, progress=advance)
    except OSError as error:
        fail(f"{error.filename or out}: {error.strerror}")
    _report(simulation, {"lines": lines, "events": str(out), "truth": str(truth_path(out))}, output)


async def _load(simulation: Simulation, output: OutputFormat) -> int:
    async with opened() as context:
        with _progress(simulation) as advance:
            loaded = await load_simulation(context.engine, simulation, progress=lambda so_far: advance(so_far.cases))
    _report(simulation, {"accepted": loaded.accepted, "duplicates": loaded.duplicates}, output)
    _complain_of_refused(loaded)
    return 0 if loaded.complete else 1


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
