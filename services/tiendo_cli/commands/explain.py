"""`tiendo explain`: how each share of a case's lateness came about, sentence by sentence."""

import json
from typing import TYPE_CHECKING

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
from tiendo_cli.terminal import emit_line, say
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_domain.timeline_types import Basis

if TYPE_CHECKING:
    from tiendo_contracts.explanation import Sentence


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
    run_command(_explain(case_asked(case_id, as_of, known_at, basis, policy), language, output))


async def _explain(asked: AskedCase, language: Language, output: OutputFormat) -> None:
    from tiendo_contracts.answers.common import notice_of
    from tiendo_contracts.explanation import explain

    seen = await case_in_view(asked)
    sentences = explain(seen.timeline)
    if output is OutputFormat.JSON:
        told = [_as_json(sentence, language) for sentence in sentences]
        document = {
            "case_id": seen.timeline.case_id,
            "aliases": seen.timeline.aliases,
            "simulated": seen.simulated,
            "sentences": told,
        }
        emit_line(json.dumps(document, ensure_ascii=False, indent=2))
        return
    notice = notice_of(simulated=seen.simulated)
    if notice is not None:
        say(notice)
    _tell(sentences, language)


def _tell(sentences: "list[Sentence]", language: Language) -> None:
    from tiendo_contracts.explanation import SECTION_WORDS

    section = None
    for sentence in sentences:
        if sentence.section is not section:
            section = sentence.section
            say()
            say(SECTION_WORDS[section].spoken(language))
        say(f"  {_line(sentence, language)}")


def _as_json(sentence: "Sentence", language: Language) -> dict[str, object]:
    return {
        "section": sentence.section,
        "text": sentence.words.spoken(language),
        "rules": sentence.rules,
        "event_ids": sentence.event_ids,
    }


def _line(sentence: "Sentence", language: Language) -> str:
    rules = f" [{', '.join(sentence.rules)}]" if sentence.rules else ""
    events = f" {{{', '.join(sentence.event_ids)}}}" if sentence.event_ids else ""
    return f"{sentence.words.spoken(language)}{rules}{events}"
