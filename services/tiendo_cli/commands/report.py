"""`tiendo report`: the figures of a period."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo_cli.asked_periods import AsOfOption, FromOption, ToOption, UnitOption, day_asked, in_order, instant_asked
from tiendo_cli.context import FormatOption, OutputFormat, is_terminal, opened, run_command
from tiendo_cli.terminal import emit_line, progress_bar
from tiendo_domain.timeline.policies import DEFAULT_POLICY
from tiendo_domain.timeline_types import Basis, Policy

if TYPE_CHECKING:
    from tiendo_contracts.answers.reports import Report
    from tiendo_query.figures.reporting import AskedReport
    from tiendo_query.query_side import QuerySide, Snapshot


def register(app: typer.Typer) -> None:
    """Add `tiendo report`."""
    app.command("report")(show_report)


def show_report(
    *,
    first: FromOption = None,
    last: ToOption = None,
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
    ] = DEFAULT_POLICY,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Count the cases resolved in the period and open at its end: of the province, by field and by unit."""
    days = (
        None if first is None else day_asked(first, "--from"),
        None if last is None else day_asked(last, "--to"),
    )
    in_order(*days)
    seen_at, known = instant_asked(as_of, "--as-of"), instant_asked(known_at, "--known-at")

    from tiendo_query.figures.reporting import AskedReport

    asked = AskedReport(
        start=days[0], end=days[1], as_of=seen_at, known_at=known, basis=basis, policy=policy, unit=unit
    )
    run_command(_show(asked, output))


async def _show(asked: "AskedReport", output: OutputFormat) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_cli.tables.report_tables import print_report
    from tiendo_query.questions.latest_days import last_day

    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        if asked.end is None and asked.as_of is None:
            end = await last_day(snapshot, now=side.now(), unit=asked.unit, not_before=asked.start)
            asked = replace(asked, end=end)
        found = await _report(side, snapshot, asked)
    if output is OutputFormat.JSON:
        emit_line(found.model_dump_json(by_alias=True, indent=2))
    else:
        print_report(found)


async def _report(side: "QuerySide", snapshot: "Snapshot", asked: "AskedReport") -> "Report":
    """The report; with a progress bar where every case has to be computed and somebody watches."""
    from tiendo_query.figures.reporting import report

    processes = os.cpu_count() or 1
    if not asked.of_another_view or not is_terminal():
        return await report(side, snapshot, asked, processes=processes)

    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    from tiendo_query.figures.counting import all_case_count

    columns = (TextColumn("computing cases"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as progress:
        task = progress.add_task("", total=await all_case_count(snapshot))
        return await report(
            side,
            snapshot,
            asked,
            processes=processes,
            progress=lambda count: progress.update(task, advance=count),
        )
