"""`tiendo explain`: how each share of a case's lateness came about, sentence by sentence."""

import json

import typer

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
from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.explanation import SECTION_WORDS, Sentence, explain
from tiendo_contracts.problems import Language
from tiendo_domain.timeline_types import Basis
from tiendo_query.single_cases import CaseView


def register(app: typer.Typer) -> None:
    """Add `tiendo explain`."""
    app.command("explain")(explain_case)


def explain_case(
    case_id: CaseArgument,
    *,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    basis: BasisOption = Basis.OCCURRED,
    policy: PolicyOption = None,
    language: LanguageOption = Language.VIETNAMESE,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Tell how each share of the case's lateness came about, with the numbers of the rules."""
    run_command(_explain(case_id, view_asked(as_of, known_at, basis, policy), language, output))


async def _explain(case_id: str, view: CaseView, language: Language, output: OutputFormat) -> None:
    seen = await case_in_view(case_id, view)
    sentences = explain(seen.timeline)
    if output is OutputFormat.JSON:
        told = [
            {
                "section": sentence.section,
                "text": sentence.words.spoken(language),
                "rules": sentence.rules,
                "event_ids": sentence.event_ids,
            }
            for sentence in sentences
        ]
        document = {"case_id": case_id, "simulated": seen.simulated, "sentences": told}
        typer.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    notice = notice_of(simulated=seen.simulated)
    if notice is not None:
        typer.echo(notice)
    section = None
    for sentence in sentences:
        if sentence.section is not section:
            section = sentence.section
            typer.echo(f"\n{SECTION_WORDS[section].spoken(language)}")
        typer.echo(f"  {_line(sentence, language)}")


def _line(sentence: Sentence, language: Language) -> str:
    rules = f" [{', '.join(sentence.rules)}]" if sentence.rules else ""
    events = f" {{{', '.join(sentence.event_ids)}}}" if sentence.event_ids else ""
    return f"{sentence.words.spoken(language)}{rules}{events}"
