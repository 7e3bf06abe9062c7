"""`tiendo officers`: officers over a period, most attributed minutes first."""

from typing import Annotated

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
from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.projected import query_side
from tiendo_cli.report_tables import print_officers
from tiendo_query.answering.officers import officer_page
from tiendo_query.known_units import known_subtree
from tiendo_query.ranking import AskedOfficers, ranking


def register(app: typer.Typer) -> None:
    """Add `tiendo officers`."""
    app.command("officers")(show_officers)


def show_officers(
    *,
    first: FromOption = None,
    last: ToOption = None,
    unit: UnitOption = None,
    as_of: AsOfOption = None,
    limit: Annotated[int, typer.Option(min=0, help="Show so many officers; 0: all.")] = 50,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Rank officers over the cases finished in the period, by the finish as recorded, or open at its end."""
    start, end = bound_asked(first, "--from"), bound_asked(last, "--to")
    in_order(start, end)
    asked = AskedOfficers(start=start, end=end, as_of=instant_asked(as_of, "--as-of"))
    run_command(_show(asked, unit, limit, output))


async def _show(asked: AskedOfficers, unit: str | None, limit: int, output: OutputFormat) -> None:
    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        units = None if unit is None else await known_subtree(snapshot, unit)
        found = await ranking(side, snapshot, asked)
    officers = found.of_units(units)
    shown = officers[:limit] if limit else officers
    page = officer_page(found, shown, None)
    if output is OutputFormat.JSON:
        typer.echo(page.model_dump_json(by_alias=True, indent=2))
    else:
        print_officers(page, left_out=len(officers) - len(shown))
