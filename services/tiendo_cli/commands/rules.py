"""`tiendo rules`: the configuration of section R, brought in from a file and shown as one."""

import json
from pathlib import Path
from typing import Annotated

import typer

from tiendo_cli.applying_rules import apply_rules_file, rules_in_force
from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.signed_at_the_end import opened_to_append
from tiendo_cli.terminal import emit, emit_line, say
from tiendo_contracts.rules_file import rules_text

__all__ = ["apply_rules_file", "register"]

commands = typer.Typer(help="Units, procedures, calendars and placeholders.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `tiendo rules`."""
    app.add_typer(commands, name="rules")


@commands.command()
def apply(
    file: Annotated[Path, typer.Argument(help="The rules file, TOML.", show_default=False)],
    refresh_holidays: Annotated[
        bool, typer.Option("--refresh-holidays", help="Take the public holidays as this version knows them.")
    ] = False,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Bring in what the file says differently from what holds now; as a whole or not at all."""
    run_command(_apply(file, output, refresh_holidays=refresh_holidays))


async def _apply(file: Path, output: OutputFormat, *, refresh_holidays: bool) -> None:
    async with opened_to_append() as context:
        changed = await apply_rules_file(context.engine, file, refresh_holidays=refresh_holidays)
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"changed": changed}, ensure_ascii=False))
        return
    for what in changed:
        say(what)
    say(f"{len(changed)} changed" if changed else "nothing changed: the rules say so already")


@commands.command()
def show() -> None:
    """Print the rules that hold now as a rules file."""
    run_command(_show())


async def _show() -> None:
    async with opened() as context:
        emit(rules_text(await rules_in_force(context.engine)))
