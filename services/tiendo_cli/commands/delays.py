"""`tiendo delays`: the extraction case by case, who caused which minutes."""

import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import nullcontext
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer

from tiendo_cli.asked_periods import (
    AsOfOption,
    FromOption,
    ToOption,
    UnitOption,
    bound_asked,
    in_order,
    instant_asked,
)
from tiendo_cli.context import opened, run_command
from tiendo_cli.one_case import LanguageOption
from tiendo_cli.projected import query_side
from tiendo_cli.report_tables import print_delays
from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.delays import Delay, DelayPage
from tiendo_contracts.problems import Language
from tiendo_query import delay_csv
from tiendo_query.delaying import AskedDelays, all_delays, delay_period
from tiendo_query.periods import AskedPeriod

_LINES_AT_ONCE = 500


class DelayFormat(StrEnum):
    """How the extraction is given out: for programs, for spreadsheets, for people."""

    JSON = "json"
    CSV = "csv"
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
        DelayFormat, typer.Option("--format", help="json for programs, csv for spreadsheets, table for people.")
    ] = DelayFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="Write json or csv to this file.")] = None,
    language: LanguageOption = Language.VIETNAMESE,
) -> None:
    """List, case by case, who caused which minutes: cases finished in the period or open at its end."""
    start, end = bound_asked(first, "--from"), bound_asked(last, "--to")
    in_order(start, end)
    if out is not None and output is DelayFormat.TABLE:
        raise typer.BadParameter("a table is for people to look at; write json or csv to a file", param_hint="--out")
    asked = AskedDelays(start=start, end=end, unit=unit, as_of=instant_asked(as_of, "--as-of"))
    run_command(_show(asked, output, out, language))


async def _show(asked: AskedDelays, output: DelayFormat, out: Path | None, language: Language) -> None:
    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        period = delay_period(side, snapshot, asked)
        if output is DelayFormat.TABLE:
            print_delays([row async for row in all_delays(snapshot, asked, period)])
            return
        with nullcontext(sys.stdout.buffer) if out is None else out.open("wb") as file:
            if output is DelayFormat.CSV:
                await _write_csv(file, all_delays(snapshot, asked, period), language)
            else:
                _write_json(file, [row async for row in all_delays(snapshot, asked, period)], period)
            file.flush()


async def _write_csv(file: IO[bytes], rows: AsyncIterator[Delay], language: Language) -> None:
    file.write(delay_csv.header(language).encode())
    pending = []
    async for row in rows:
        pending.append(row)
        if len(pending) == _LINES_AT_ONCE:
            file.write(delay_csv.lines(pending).encode())
            pending.clear()
    file.write(delay_csv.lines(pending).encode())


def _write_json(file: IO[bytes], rows: Sequence[Delay], period: AskedPeriod) -> None:
    """The same object as `GET /v1/delays`, in one page."""
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
