"""`tiendo officers`: officers over a period, most attributed minutes first."""

from typing import Annotated

import typer

from tiendo_cli.asked_periods import AskedSpan, AsOfOption, FromOption, ToOption, UnitOption, span_asked
from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.terminal import emit_line


def register(app: typer.Typer) -> None:
    """Add `tiendo officers`."""
    app.command("officers")(show_officers)


def show_officers(
    *,
    first: FromOption = None,
    last: ToOption = None,
    unit: UnitOption = None,
    as_of: AsOfOption = None,
    text: Annotated[
        str | None,
        typer.Option(
            help="Only whom it finds: beginnings of words of the name, without diacritics, initials, part of the id."
        ),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="Show so many officers; 0: all.")] = 50,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Rank officers over the cases finished in the period, by the finish as recorded, or open at its end."""
    run_command(_show(span_asked(first, last, as_of, unit), text, limit, output))


async def _show(span: AskedSpan, text: str | None, limit: int, output: OutputFormat) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_cli.tables.report_tables import print_officers
    from tiendo_query.answering.officers import officer_page
    from tiendo_query.figures.ranking import AskedOfficers, ranking
    from tiendo_query.names.known_units import known_subtree
    from tiendo_query.names.searching import finds_officer

    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        end = await span.last_bound(side, snapshot)
        found = await ranking(side, snapshot, AskedOfficers(start=span.start, end=end, as_of=span.as_of))
        units = None if span.unit is None else await known_subtree(snapshot, span.unit, found.period.period)
    officers = found.of_units(None if units is None else units.at_the_end())
    if text is not None:
        officers = [officer for officer in officers if finds_officer(text, officer.names)]
    shown = officers[:limit] if limit else officers
    page = officer_page(found, shown, None)
    if output is OutputFormat.JSON:
        emit_line(page.model_dump_json(by_alias=True, indent=2))
    else:
        print_officers(page, found.tree, left_out=len(officers) - len(shown))
