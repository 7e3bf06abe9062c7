"""`tiendo waiting`: why a case waited with the officers who held it."""

from typing import TYPE_CHECKING

import typer

from tiendo_cli.asked_periods import AsOfOption, instant_asked
from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.one_case import CaseArgument, LanguageOption
from tiendo_cli.terminal import emit_line
from tiendo_contracts.problems.problem_kinds import Language

if TYPE_CHECKING:
    from tiendo_domain.instants import Instant
    from tiendo_query.figures.waiting import CaseWaiting


def register(app: typer.Typer) -> None:
    """Add `tiendo waiting`."""
    app.command("waiting")(show_waiting)


def show_waiting(
    case_id: CaseArgument,
    *,
    as_of: AsOfOption = None,
    language: LanguageOption = Language.VIETNAMESE,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Say of each officer's hold how long the case waited, and for what; it stands beside the shares and changes none."""
    run_command(_show(case_id, instant_asked(as_of, "--as-of"), language, output))


async def _show(case_id: str, as_of: "Instant | None", language: Language, output: OutputFormat) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_query.answering.waiting import case_waiting_answer
    from tiendo_query.figures.waiting import case_waiting

    async with opened() as context, query_side(context) as side:
        found = await case_waiting(side, case_id, as_of=as_of)
    if output is OutputFormat.JSON:
        emit_line(case_waiting_answer(found, language).model_dump_json(by_alias=True, indent=2))
    else:
        _print(found, language)


def _print(found: "CaseWaiting", language: Language) -> None:
    from rich.text import Text

    from tiendo_cli.tables.waiting_tables import waiting_table
    from tiendo_cli.terminal import show, visible
    from tiendo_contracts.answers.common import notice_of
    from tiendo_contracts.explanation import party_in_words, waiting_in_words

    sentences = [
        Text(visible(f"{party_in_words(one.party).spoken(language)}: {waiting_in_words(one.causes).spoken(language)}"))
        for one in found.officers
    ]
    notice = notice_of(simulated=found.seen.simulated)
    show(*([] if notice is None else [Text(notice)]), waiting_table(found, language), *sentences)
