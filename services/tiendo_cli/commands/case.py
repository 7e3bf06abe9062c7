"""`tiendo case`: a case's timeline with bars."""

import typer
from rich.console import Console

from tiendo_cli.case_picture import case_picture
from tiendo_cli.context import FormatOption, OutputFormat, run_command
from tiendo_cli.one_case import (
    AsOfOption,
    BasisOption,
    CaseArgument,
    KnownAtOption,
    LanguageOption,
    PolicyOption,
    case_in_view,
    view_asked,
)
from tiendo_contracts.problems import Language
from tiendo_domain.timeline_types import Basis
from tiendo_query.answering.timelines import timeline_answer
from tiendo_query.single_cases import CaseView

PIPED_WIDTH = 140


def register(app: typer.Typer) -> None:
    """Add `tiendo case`."""
    app.command("case")(show_case)


def show_case(
    case_id: CaseArgument,
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    basis: BasisOption = Basis.OCCURRED,
    policy: PolicyOption = None,
    language: LanguageOption = Language.VIETNAMESE,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Show who held the case, for how long, and whose delay it is."""
    run_command(_show(case_id, view_asked(as_of, known_at, basis, policy), known_at, language, output))


async def _show(case_id: str, view: CaseView, known_at: str | None, language: Language, output: OutputFormat) -> None:
    seen = await case_in_view(case_id, view)
    if output is OutputFormat.JSON:
        answer = timeline_answer(
            seen.timeline,
            language=language,
            as_of=seen.as_of_text,
            known_at=known_at,
            simulated=seen.simulated,
        )
        typer.echo(answer.model_dump_json(by_alias=True, indent=2))
        return
    console = Console()
    # A pipe has no width of its own; the picture needs room for names and bars.
    (console if console.is_terminal else Console(width=PIPED_WIDTH)).print(case_picture(seen, language))
