"""`tiendo report`: the figures of a period."""

from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tiendo_cli.asked_periods import AsOfOption, FromOption, UnitOption, day_asked, in_order, instant_asked
from tiendo_cli.context import FormatOption, OutputFormat, is_terminal, opened, run_command
from tiendo_cli.projected import query_side
from tiendo_cli.report_tables import print_report
from tiendo_contracts.answers.reports import Report
from tiendo_domain.timeline_types import Basis, Policy
from tiendo_query.counting import all_case_count
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.reporting import AskedReport, report


def register(app: typer.Typer) -> None:
    """Add `tiendo report`."""
    app.command("report")(show_report)


def show_report(
    *,
    first: FromOption = None,
    last: Annotated[
        str | None, typer.Option("--to", help="Last day, such as 2022-08-25, inclusive; default: the day of --as-of.")
    ] = None,
    unit: UnitOption = None,
    as_of: AsOfOption = None,
    known_at: Annotated[
        str | None, typer.Option(help="Leave out what was ingested later; computes every case.")
    ] = None,
    basis: Annotated[
        Basis, typer.Option(help="Which instants count; `recorded` computes every case.")
    ] = Basis.OCCURRED,
    policy: Annotated[
        Policy, typer.Option(help="How lateness is shared; no figure of the report depends on it.")
    ] = Policy.STEP_NORM,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Count the cases resolved in the period and open at its end: of the province, by field and by unit."""
    days = (
        None if first is None else day_asked(first, "--from"),
        None if last is None else day_asked(last, "--to"),
    )
    in_order(*days)
    asked = AskedReport(
        start=days[0],
        end=days[1],
        as_of=instant_asked(as_of, "--as-of"),
        known_at=instant_asked(known_at, "--known-at"),
        basis=basis,
        policy=policy,
        unit=unit,
    )
    run_command(_show(asked, output))


async def _show(asked: AskedReport, output: OutputFormat) -> None:
    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        found = await _report(side, snapshot, asked)
    if output is OutputFormat.JSON:
        typer.echo(found.model_dump_json(by_alias=True, indent=2))
    else:
        print_report(found)


async def _report(side: QuerySide, snapshot: Snapshot, asked: AskedReport) -> Report:
    """The report; with a progress bar where every case has to be computed and somebody watches."""
    if asked.view is None or not is_terminal():
        return await report(side, snapshot, asked)
    columns = (TextColumn("computing cases"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("", total=await all_case_count(snapshot))
        return await report(side, snapshot, asked, progress=lambda count: progress.update(task, advance=count))
