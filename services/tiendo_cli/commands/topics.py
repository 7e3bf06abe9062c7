"""`tiendo topics`: what has to be on Kafka, making it, and messages as they arrive."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from tiendo_cli.context import FormatOption, OutputFormat, run_command
from tiendo_cli.terminal import complain, emit, say
from tiendo_cli.topics.plan_tables import print_json, print_tables
from tiendo_cli.topics.record_output import asked_topics, print_each, print_tally
from tiendo_cli.topics.watching import Watched, records
from tiendo_runtime.kafka.applying import access_of, apply_topics, compare_topics, plan_of
from tiendo_runtime.kafka.comparing import Comparison, compared
from tiendo_runtime.kafka.console import console_commands
from tiendo_runtime.kafka.errors import ClusterFault
from tiendo_runtime.settings import Settings, load_settings

commands = typer.Typer(help="Topics, rights and messages on Kafka.", no_args_is_help=True)

AgenciesOption = Annotated[
    Path | None, typer.Option("--agencies", help="The file that lists the agencies; default: TIENDO_KAFKA_AGENCIES.")
]


def register(app: typer.Typer) -> None:
    """Add `tiendo topics`."""
    app.add_typer(commands, name="topics")


@commands.command()
def plan(
    agencies: AgenciesOption = None,
    only_commands: Annotated[
        bool, typer.Option("--commands", help="Print only the commands of Kafka's own tools, one a line.")
    ] = False,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Print which topics and rights there have to be, and how they stand if Kafka answers; changes nothing."""
    run_command(_plan(agencies, output, only_commands=only_commands))


async def _plan(agencies: Path | None, output: OutputFormat, *, only_commands: bool) -> None:
    settings = load_settings(kafka_agencies=agencies)
    lines = console_commands(plan_of(settings), settings.kafka)
    if only_commands:
        emit("".join(f"{line}\n" for line in lines))
        return
    comparison = await _comparison(settings)
    if output is OutputFormat.JSON:
        print_json(comparison, lines)
    else:
        print_tables(comparison, lines, settings.kafka)


async def _comparison(settings: Settings) -> Comparison:
    """How the plan stands; unknown, with the reason on standard error, where that cannot be found out."""
    _quiet()
    if settings.kafka is not None:
        try:
            return await compare_topics(settings)
        except ClusterFault as fault:
            complain(f"what is there is unknown: {fault}")
    return compared(plan_of(settings), None)


@commands.command()
def apply(agencies: AgenciesOption = None) -> None:
    """Make topics and rights that are missing and mend settings that differ; never changes the number of partitions."""
    run_command(_apply(agencies))


async def _apply(agencies: Path | None) -> None:
    _quiet()
    applied = await apply_topics(load_settings(kafka_agencies=agencies))
    for line in applied.done:
        say(line)
    say(f"{len(applied.done)} changed" if applied.done else "nothing changed: all is there already")
    for remark in applied.remarks:
        complain(f"note: {remark}")


@commands.command()
def show(
    name: Annotated[
        str | None, typer.Argument(metavar="TOPIC", help="A topic, or its kind such as case-events; default: all.")
    ] = None,
    from_beginning: Annotated[bool, typer.Option("--from-beginning", help="Begin with the oldest message.")] = False,
    most: Annotated[int | None, typer.Option("--max", min=1, help="End after so many messages.")] = None,
    summary: Annotated[
        float | None,
        typer.Option(
            "--summary", min=0.1, help="Say every so many seconds how many came on each topic, and the latest."
        ),
    ] = None,
) -> None:
    """Print messages as they arrive, one a line, until interrupted."""
    run_command(_show(name, from_beginning=from_beginning, most=most, summary=summary))


async def _show(name: str | None, *, from_beginning: bool, most: int | None, summary: float | None) -> None:
    _quiet()
    settings = load_settings()
    watched = Watched(
        topics=asked_topics(settings, name), from_beginning=from_beginning, wait_for_topics=summary is not None
    )
    batches = records(access_of(settings), watched, most=most)
    if summary is None:
        await print_each(batches)
    else:
        await print_tally(batches, every_seconds=summary)


def _quiet() -> None:
    """What stands in the way is said by the command itself, once."""
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
