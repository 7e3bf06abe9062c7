"""`tiendo warnings`: open cases that are due soon or will be late at today's pace."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo_cli.asked_periods import AsOfOption, UnitOption, instant_asked
from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.one_case import LanguageOption
from tiendo_cli.terminal import emit_line
from tiendo_contracts.problems.problem_kinds import Language

if TYPE_CHECKING:
    from tiendo_query.early_warning.early_warnings import AskedWarnings, WarnedCase


def register(app: typer.Typer) -> None:
    """Add `tiendo warnings`."""
    app.command("warnings")(show_warnings)


def show_warnings(
    *,
    unit: UnitOption = None,
    officer: Annotated[str | None, typer.Option(help="Id of an officer: what this one holds now.")] = None,
    within: Annotated[int | None, typer.Option(min=1, help="Due within so many hours of the clock.")] = None,
    as_of: AsOfOption = None,
    limit: Annotated[int, typer.Option(min=0, help="Show so many cases; 0: all.")] = 50,
    language: LanguageOption = Language.VIETNAMESE,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """List open cases that are due within 3 days, or expected to be late, soonest due first, each with the reasons."""
    from tiendo_query.early_warning.early_warnings import AskedWarnings

    stated = instant_asked(as_of, "--as-of")
    at = datetime.now(UTC) if stated is None else stated.at
    run_command(
        _show(AskedWarnings(as_of=at, unit=unit, officer=officer, within_hours=within), limit, language, output)
    )


async def _show(asked: "AskedWarnings", limit: int, language: Language, output: OutputFormat) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_query.answering.early_warnings import warnings_answer
    from tiendo_query.early_warning.early_warnings import warned_cases

    async with opened() as context, query_side(context) as side:
        snapshot, found = await warned_cases(side, asked)
    shown = found[:limit] if limit else found
    if output is OutputFormat.JSON:
        at = asked.as_of.astimezone(snapshot.zone)
        answer = warnings_answer(shown, language, as_of=at, total=len(found), following=None)
        emit_line(answer.model_dump_json(by_alias=True, indent=2))
    else:
        _print(shown, language, left_out=len(found) - len(shown))


def _print(shown: "list[WarnedCase]", language: Language, *, left_out: int) -> None:
    from rich.text import Text

    from tiendo_cli.tables.waiting_tables import warning_table
    from tiendo_cli.terminal import show
    from tiendo_contracts.answers.common import notice_of

    notice = notice_of(simulated=any(one.record["simulated"] for one in shown))
    more = {Language.ENGLISH: f"{left_out} more: --limit 0", Language.VIETNAMESE: f"còn {left_out} hồ sơ: --limit 0"}
    show(
        *([] if notice is None else [Text(notice)]),
        warning_table(shown, language),
        *([Text(more[language])] if left_out else []),
    )
