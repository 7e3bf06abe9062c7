"""`tiendo difficulties`: the reasons that are given for delay, totalled to be reported upward."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from tiendo_cli.asked_periods import AskedSpan, AsOfOption, FromOption, ToOption, UnitOption, span_asked
from tiendo_cli.context import opened, run_command
from tiendo_cli.one_case import LanguageOption
from tiendo_cli.terminal import binary_output, emit_line
from tiendo_contracts.problems.problem_kinds import Language

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from tiendo_contracts.answers.difficulties import GivenDifficulty


class DifficultyFormat(StrEnum):
    """What `tiendo difficulties` prints or writes."""

    JSON = "json"
    TABLE = "table"
    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    DOCX = "docx"


_DOCUMENTS: Final = frozenset({DifficultyFormat.PDF, DifficultyFormat.DOCX})
_FILES: Final = frozenset({DifficultyFormat.XLSX, *_DOCUMENTS})


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
        DifficultyFormat,
        typer.Option(
            "--format",
            help="json for programs, csv or xlsx for spreadsheets, table for people; pdf or docx: the report to the unit above.",
        ),
    ] = DifficultyFormat.TABLE,
    out: Annotated[Path | None, typer.Option("--out", help="Write csv, xlsx, pdf or docx to this file.")] = None,
    language: LanguageOption = Language.VIETNAMESE,
) -> None:
    """Total the reasons of explanations by month, unit, procedure and step, with the norms that are missed at nobody's charge (json), or write the report."""
    span = span_asked(first, last, as_of, unit)
    if out is not None and output not in {DifficultyFormat.CSV, *_FILES}:
        raise typer.BadParameter("write csv, xlsx, pdf or docx to a file", param_hint="--out")
    if out is None and output in _FILES:
        raise typer.BadParameter(f"{output} is a file: name it with --out FILE", param_hint="--format")
    if out is not None and output in _DOCUMENTS:
        run_command(_report(span, output, out))
    else:
        run_command(_show(span, output, out, language))


async def _report(span: AskedSpan, output: DifficultyFormat, out: Path) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_documents.document_files import DocumentFormat, render
    from tiendo_query.accountability.difficulties import AskedDifficulties
    from tiendo_query.accountability.difficulty_reports import difficulty_report

    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        end = await span.last_bound(side, snapshot)
        asked = AskedDifficulties(start=span.start, end=end, as_of=span.as_of, unit=span.unit)
        found = await difficulty_report(side, snapshot, asked)
    _write(out, render(found.document, DocumentFormat(output.value)))


def _write(out: Path, file: bytes) -> None:
    out.write_bytes(file)


async def _show(span: AskedSpan, output: DifficultyFormat, out: Path | None, language: Language) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_cli.tables.explanation_tables import difficulty_table
    from tiendo_cli.terminal import show
    from tiendo_contracts.answers.difficulties import DifficultyPage
    from tiendo_query.accountability.difficulties import AskedDifficulties, difficulty_page
    from tiendo_query.accountability.difficulty_columns import DIFFICULTIES
    from tiendo_query.answering.breakdowns import of_period
    from tiendo_query.names.known_units import tree_of
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
    if output is DifficultyFormat.JSON:
        emit_line(answer.model_dump_json(by_alias=True, indent=2))
    elif output is DifficultyFormat.TABLE:
        show(*([] if answer.notice is None else [answer.notice]), difficulty_table(page.items, wording))
    else:
        with binary_output() if out is None else out.open("wb") as file:
            await write_table(DIFFICULTIES, TableForm(output.value), file, _each(page.items), wording)


async def _each(items: "Sequence[GivenDifficulty]") -> "AsyncIterator[GivenDifficulty]":
    for item in items:
        yield item
