"""`tiendo delays`: the extraction case by case, who caused which minutes."""

from enum import StrEnum
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from tiendo_cli.asked_periods import AskedSpan, AsOfOption, FromOption, ToOption, UnitOption, span_asked
from tiendo_cli.context import opened, run_command
from tiendo_cli.one_case import LanguageOption
from tiendo_cli.terminal import binary_output
from tiendo_contracts.problems.problem_kinds import Language

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tiendo_contracts.answers.delays import Delay
    from tiendo_query.questions.periods import AskedPeriod


class DelayFormat(StrEnum):
    """How the extraction is given out: for programs, for spreadsheets, for people."""

    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    TABLE = "table"


def register(app: typer.Typer) -> None:
    """Add `tiendo delays`."""
    app.command("delays")(show_delays)


def show_delays(
    *,
    first: FromOption = None,
    last: ToOption = None,
    unit: UnitOption = None,
    as_of: AsOfOption = None,
    output: Annotated[
        DelayFormat,
        typer.Option("--format", help="json for programs, csv or xlsx for spreadsheets, table for people."),
    ] = DelayFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="Write json, csv or xlsx to this file.")] = None,
    language: LanguageOption = Language.VIETNAMESE,
) -> None:
    """List, case by case, who caused which minutes: cases finished in the period or open at its end.

    csv and xlsx speak Vietnamese words for clerks; with --language en csv has the codes and instants that programs read.
    """
    span = span_asked(first, last, as_of, unit)
    if out is not None and output is DelayFormat.TABLE:
        raise typer.BadParameter(
            "a table is for people to look at; write json, csv or xlsx to a file", param_hint="--out"
        )
    if out is None and output is DelayFormat.XLSX:
        raise typer.BadParameter("xlsx is a file: name it with --out FILE", param_hint="--format")
    run_command(_show(span, output, out, language))


async def _show(span: AskedSpan, output: DelayFormat, out: Path | None, language: Language) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_cli.tables.report_tables import print_delays
    from tiendo_query.figures.delay_columns import DELAYS
    from tiendo_query.figures.delaying import AskedDelays, all_delays, delay_period
    from tiendo_query.names.known_units import tree_of
    from tiendo_query.tables.columns import Wording
    from tiendo_query.tables.table_files import TableForm, write_table

    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        end = await span.last_bound(side, snapshot)
        asked = AskedDelays(start=span.start, end=end, unit=span.unit, as_of=span.as_of)
        period = delay_period(side, snapshot, asked)
        tree = await tree_of(snapshot, period.period)
        rows = all_delays(snapshot, asked, period)
        if output is DelayFormat.TABLE:
            print_delays([row async for row in rows], tree)
            return
        with binary_output() if out is None else out.open("wb") as file:
            if output is DelayFormat.JSON:
                _write_json(file, [row async for row in rows], period)
            else:
                wording = Wording(tree=tree, zone=snapshot.zone, language=language)
                await write_table(DELAYS, TableForm(output.value), file, rows, wording)


def _write_json(file: IO[bytes], rows: "Sequence[Delay]", period: "AskedPeriod") -> None:
    """The same object as `GET /v1/delays`, in one page."""
    from tiendo_contracts.answers.common import notice_of
    from tiendo_contracts.answers.delays import DelayPage

    simulated = any(row.simulated for row in rows)
    page = DelayPage.model_validate(
        {
            "simulated": simulated,
            "notice": notice_of(simulated=simulated),
            "from": period.from_text,
            "to": period.to_text,
            "as_of": period.as_of_text,
            "items": rows,
            "next": None,
        }
    )
    file.write(page.model_dump_json(by_alias=True, indent=2).encode() + b"\n")
