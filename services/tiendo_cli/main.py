"""The program `tiendo`."""

from importlib.metadata import version
from typing import Annotated

import typer

from tiendo_cli.commands import (
    case,
    delays,
    doctor,
    explain,
    import_,
    keys,
    log,
    migrate,
    officers,
    rebuild,
    report,
    rules,
    serve,
    simulate,
    topics,
    up,
)

app = typer.Typer(
    name="tiendo",
    help="Shows how delay in a public administrative procedure built up, and whose share of it is whose.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"tiendo {version('tiendo')}")
        raise typer.Exit


@app.callback()
def tiendo(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Commands work on TIENDO_DATA or TIENDO_DATABASE_URL, whether or not `tiendo up` runs on it."""


_GROUPS = (
    up, serve, migrate, keys, log, doctor, rebuild, simulate, import_, rules, case, explain, officers, report, delays, topics,
)  # fmt: skip
for _group in _GROUPS:
    _group.register(app)
