"""`tiendo case`: a case's timeline with bars."""

import typer

from tiendo_cli.context import FormatOption, OutputFormat, run_command
from tiendo_cli.one_case import (
    AskedCase,
    AsOfOption,
    BasisOption,
    CaseArgument,
    KnownAtOption,
    LanguageOption,
    PolicyOption,
    case_asked,
    case_in_view,
)
from tiendo_cli.terminal import emit_line, show
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_domain.timeline_types import Basis


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
    run_command(_show(case_asked(case_id, as_of, known_at, basis, policy), language, output))


async def _show(asked: AskedCase, language: Language, output: OutputFormat) -> None:
    seen = await case_in_view(asked)
    if output is OutputFormat.TABLE:
        from tiendo_cli.tables.case_picture import case_picture

        show(*case_picture(seen, language))
        return
    from tiendo_contracts.answers.timelines import timeline_answer

    answer = timeline_answer(
        seen.timeline,
        language=language,
        as_of=seen.as_of_text,
        known_at=None if asked.known_at is None else asked.known_at.text,
        simulated=seen.simulated,
    )
    emit_line(answer.model_dump_json(by_alias=True, indent=2))
