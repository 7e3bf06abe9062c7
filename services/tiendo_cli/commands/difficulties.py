"""`tiendo difficulties`: the reasons that are given for delay, totalled to be reported upward."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo_cli.asked_periods import AskedSpan, AsOfOption, FromOption, ToOption, UnitOption, span_asked
from tiendo_cli.commands.delays import DelayFormat
from tiendo_cli.context import opened, run_command
from tiendo_cli.one_case import LanguageOption
from tiendo_cli.terminal import binary_output, emit_line
from tiendo_contracts.problem_kinds import Language

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tiendo_contracts.answers.difficulties import GivenDifficulty


def register(app: typer.Typer) -> None:
    """Add `tiendo difficulties`."""
    app.command("difficulties")(show_difficulties)


def show_difficulties(
    *,
    first: FromOption = None,
    last: ToOption = None,
    unit: UnitOption = None,
    as_of: AsOfOption = None,
    output: Annotated[
        DelayFormat,
        typer.Option("--format", help="json for programs, csv or xlsx for spreadsheets, table for people."),
    ] = DelayFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="Write csv or xlsx to this file.")] = None,
    language: LanguageOption = Language.VIETNAMESE,
) -> None:
    """Total the reasons of explanations by month, unit, procedure and step, with the norms that are missed at nobody's charge (json)."""
    span = span_asked(first, last, as_of, unit)
    if out is not None and output not in {DelayFormat.CSV, DelayFormat.XLSX}:
        raise typer.BadParameter("write csv or xlsx to a file", param_hint="--out")
    if out is None and output is DelayFormat.XLSX:
        raise typer.BadParameter("xlsx is a file: name it with --out FILE", param_hint="--format")
    run_command(_show(span, output, out, language))


async def _show(span: AskedSpan, output: DelayFormat, out: Path | None, language: Language) -> None:
    from tiendo_cli.explanation_tables import difficulty_table
    from tiendo_cli.projected import query_side
    from tiendo_cli.terminal import show
    from tiendo_contracts.answers.difficulties import DifficultyPage
    from tiendo_query.answering.breakdowns import of_period
    from tiendo_query.difficulties import AskedDifficulties, difficulty_page
    from tiendo_query.difficulty_columns import DIFFICULTIES
    from tiendo_query.known_units import tree_of
    from tiendo_query.tables.columns import Wording
    from tiendo_query.tables.table_files import TableForm, write_table

    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        end = await span.last_bound(side, snapshot)
        asked = AskedDifficulties(start=span.start, end=end, as_of=span.as_of, unit=span.unit)
        page = await difficulty_page(side, snapshot, asked, limit=None)
        tree = await tree_of(snapshot, page.period.period)
        wording = Wording(tree=tree, zone=snapshot.zone, language=language)
    answer = DifficultyPage.model_validate(
        {
            **of_period(page.period, span.unit, simulated=page.simulated),
            "items": page.items,
            "missed_norms": page.missed_norms,
            "next": None,
        }
    )
    if output is DelayFormat.JSON:
        emit_line(answer.model_dump_json(by_alias=True, indent=2))
    elif output is DelayFormat.TABLE:
        show(*([] if answer.notice is None else [answer.notice]), difficulty_table(page.items, wording))
    else:
        with binary_output() if out is None else out.open("wb") as file:
            await write_table(DIFFICULTIES, TableForm(output.value), file, _each(page.items), wording)


async def _each(items: "Sequence[GivenDifficulty]") -> "AsyncIterator[GivenDifficulty]":
    for item in items:
        yield item
