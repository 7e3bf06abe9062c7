"""The program `tiendo`."""

import sys
from io import TextIOWrapper
from typing import Annotated, Final

import typer

from tiendo_cli.on_demand import ProgramOnDemand
from tiendo_cli.terminal import say

COMMANDS: Final = {
    "up": ("tiendo_cli.commands.up", "Run everything on one machine until interrupted."),
    "serve": ("tiendo_cli.commands.serve", "Run one service until SIGINT or SIGTERM."),
    "migrate": ("tiendo_cli.commands.migrate", "Bring the database up to this version."),
    "keys": ("tiendo_cli.commands.keys", "Make, list and revoke keys."),
    "sign-in": ("tiendo_cli.commands.sign_in", "Make a link that signs somebody in, once."),
    "access-log": ("tiendo_cli.commands.access_log", "Show who looked at whom, and who changed what."),
    "log": ("tiendo_cli.commands.log", "Show the name of the log, and draw it anew after a restore."),
    "doctor": ("tiendo_cli.commands.doctor", "Say what is wrong with an installation, and how to mend it."),
    "rebuild": ("tiendo_cli.commands.rebuild", "Make the read models anew from the log."),
    "simulate": ("tiendo_cli.commands.simulate", "Simulate the events of a province."),
    "import": ("tiendo_cli.commands.import_", "Bring a file of events into the log, as if they had been sent."),
    "rejections": ("tiendo_cli.commands.rejections", "Take again what was refused and set aside."),
    "export": (
        "tiendo_cli.commands.export",
        "Write what is stored into a file: events, logs for process mining, tables.",
    ),
    "rules": ("tiendo_cli.commands.rules", "Units, procedures, calendars and placeholders."),
    "directory": ("tiendo_cli.commands.directory", "Who is who, and what holds for them: tables in and out."),
    "case": ("tiendo_cli.commands.case", "Show who held a case, for how long, and whose delay it is."),
    "explain": ("tiendo_cli.commands.explain", "Tell how each share of a case's lateness came about."),
    "explanations": ("tiendo_cli.commands.explanations", "List, file, withdraw and decide explanations of delay."),
    "waiting": ("tiendo_cli.commands.waiting", "Say why a case waited with the officers who held it."),
    "warnings": ("tiendo_cli.commands.warnings", "List open cases that are due soon or will be late at today's pace."),
    "digest": ("tiendo_cli.commands.digest", "Mail each recipient the cases that are due soon or will be late."),
    "officers": ("tiendo_cli.commands.officers", "Rank officers over the cases of a period."),
    "quality": ("tiendo_cli.commands.quality", "Say how far the figures of a period can be trusted."),
    "webhooks": ("tiendo_cli.commands.webhooks", "Who is told of publications over HTTP, and what arrived."),
    "sources": ("tiendo_cli.commands.sources", "Which systems events come from, and which are used no more."),
    "report": ("tiendo_cli.commands.report", "Count the cases of a period: of the province, by field and by unit."),
    "delays": ("tiendo_cli.commands.delays", "List, case by case, who caused which minutes."),
    "difficulties": ("tiendo_cli.commands.difficulties", "Total the reasons that are given for delay."),
    "forms": ("tiendo_cli.commands.forms", "Write official forms of a case, or of a unit and period."),
    "publish": ("tiendo_cli.commands.publish", "Monthly lists of officers who were late, from draft to publication."),
    "topics": ("tiendo_cli.commands.topics", "Topics, rights and messages on Kafka."),
}
"""Name of a command -> the module that registers it, and its line in `tiendo --help`."""


class Program(ProgramOnDemand):
    """`tiendo` with its commands."""

    table = COMMANDS


app = typer.Typer(
    name="tiendo",
    cls=Program,
    help="Shows how delay in a public administrative procedure built up, and whose share of it is whose.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        say(f"tiendo {version('tiendo')}")
        raise typer.Exit


@app.callback()
def tiendo(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Commands work on TIENDO_DATA or TIENDO_DATABASE_URL, whether or not `tiendo up` runs on it."""


def main() -> None:
    """Run the program; a terminal that cannot write a character gets its number instead."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    app()
