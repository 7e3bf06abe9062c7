"""`tiendo explanations`: what is explained and decided of cases, listed and entered as by a key that is bound to no unit."""

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tiendo_cli.asked_periods import UnitOption
from tiendo_cli.command_sender import command_sender
from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.one_case import CaseArgument, LanguageOption
from tiendo_cli.terminal import emit_line, say
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_domain.explanations import (
    Difficulty,
    EffectKind,
    ExplanationDecided,
    ExplanationFact,
    ExplanationFiled,
    ExplanationWithdrawn,
)
from tiendo_domain.timeline_types import ExplanationState

if TYPE_CHECKING:
    from tiendo_query.accountability.explained_cases import ExplanationQuestion

SOURCE = "/tiendo/command-line"
"""The source of what is entered here."""

DocumentOption = Annotated[
    str,
    typer.Option("--document", help="Number and date of the document of the decision, such as 12/QĐ-VP=2022-09-01."),
]
IdOption = Annotated[
    str | None,
    typer.Option("--id", help="Id of the event, so that giving the command again changes nothing; default: a new one."),
]
SourceOption = Annotated[str, typer.Option("--source", help="Source of the explanation.")]


def register(app: typer.Typer) -> None:
    """Add `tiendo explanations` with its commands."""
    commands = typer.Typer(no_args_is_help=True, help="List, file, withdraw and decide explanations of delay.")
    commands.command("list")(list_explanations)
    commands.command("file")(file_explanation)
    commands.command("withdraw")(withdraw_explanation)
    commands.command("decide")(decide)
    app.add_typer(commands, name="explanations")


def list_explanations(
    *,
    state: Annotated[ExplanationState | None, typer.Option(help="What has become of it.")] = None,
    unit: UnitOption = None,
    officer: Annotated[str | None, typer.Option(help="Id of the officer whose delay is explained.")] = None,
    limit: Annotated[int, typer.Option(min=1, help="Show at most so many.")] = 500,
    language: LanguageOption = Language.VIETNAMESE,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """List the explanations that stand, the oldest first, each with what is borne and what was decided."""
    from tiendo_query.accountability.explained_cases import ExplanationQuestion

    asked = ExplanationQuestion(state=None if state is None else state.value, unit=unit, officer=officer)
    run_command(_list(asked, limit, language, output))


def file_explanation(
    case_id: CaseArgument,
    *,
    reason: Annotated[Difficulty, typer.Option(help="Why it was late (rule E6).")],
    text: Annotated[str, typer.Option(help="What is said of it.")],
    officer: Annotated[str | None, typer.Option(help="Id of the officer whose delay is explained.")] = None,
    unit: Annotated[str | None, typer.Option(help="Id of the unit, where it is a unit's.")] = None,
    asks: Annotated[EffectKind | None, typer.Option(help="What is asked for.")] = None,
    document: Annotated[
        list[str] | None,
        typer.Option("--document", help="Number and date of a paper, such as 12/BC=2022-09-01; may be repeated."),
    ] = None,
    event_id: IdOption = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """File the explanation of an officer or a unit."""
    if (officer is None) == (unit is None):
        raise typer.BadParameter("either --officer or --unit", param_hint="--officer")
    data = {
        "officer": None if officer is None else {"id": officer},
        "unit": None if unit is None else {"id": unit},
        "reason": reason.value,
        "text": text,
        "asks": None if asks is None else asks.value,
        "documents": [_document(one) for one in document or ()] or None,
    }
    run_command(_enter(ExplanationFiled, case_id, data, event_id, output))


def withdraw_explanation(
    case_id: CaseArgument,
    explanation: Annotated[str, typer.Argument(help="Id of the explanation.")],
    *,
    source: SourceOption = SOURCE,
    reason: Annotated[str | None, typer.Option(help="Why.")] = None,
    event_id: IdOption = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Withdraw an explanation; after a decision on it that changes nothing."""
    data = {"explanation": {"source": source, "id": explanation}, "reason": reason}
    run_command(_enter(ExplanationWithdrawn, case_id, data, event_id, output))


def decide(
    case_id: CaseArgument,
    *,
    explanation: Annotated[str | None, typer.Option(help="Id of the explanation that is decided on.")] = None,
    source: SourceOption = SOURCE,
    effect: Annotated[
        list[str] | None,
        typer.Option(
            help="What is changed, as JSON, such as "
            '{"kind": "move", "from": {"kind": "officer", "id": "CC-0001"}, "to": {"kind": "organisation"}, "minutes": 60}; '
            "may be repeated. Without any the explanation is refused."
        ),
    ] = None,
    by: Annotated[str, typer.Option(help="Full name of who decided.")],
    by_id: Annotated[str | None, typer.Option(help="Their code.")] = None,
    by_position: Annotated[str | None, typer.Option(help="Their position.")] = None,
    by_unit: Annotated[str | None, typer.Option(help="Id of their unit.")] = None,
    document: DocumentOption,
    text: Annotated[str, typer.Option(help="Why.")],
    event_id: IdOption = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Enter the decision of a named person on an explanation, or without one."""
    decided_by = {
        "id": by_id,
        "name": by,
        "position": by_position,
        "unit": None if by_unit is None else {"id": by_unit},
    }
    effects = [_effect(one) for one in effect or ()]
    data = {
        "explanation": None if explanation is None else {"source": source, "id": explanation},
        "outcome": "accepted" if effects else "refused",
        "effects": effects or None,
        "decided_by": _said(decided_by),
        "document": _document(document),
        "text": text,
    }
    run_command(_enter(ExplanationDecided, case_id, data, event_id, output))


def _document(text: str) -> dict[str, str]:
    number, _, signed_at = text.rpartition("=")
    if not number or not signed_at:
        raise typer.BadParameter("a number and a date, such as 12/QĐ-VP=2022-09-01", param_hint="--document")
    return {"document_number": number, "signed_at": signed_at}


def _effect(text: str) -> Mapping[str, Any]:
    try:
        effect = json.loads(text)
    except ValueError:
        effect = None
    if not isinstance(effect, dict):
        raise typer.BadParameter("an effect is a JSON object", param_hint="--effect")
    return effect


def _said(members: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in members.items() if value is not None}


async def _enter(
    fact: type[ExplanationFact], case_id: str, data: Mapping[str, Any], event_id: str | None, output: OutputFormat
) -> None:
    from datetime import UTC, datetime
    from uuid import uuid4

    from prometheus_client import CollectorRegistry

    from tiendo_contracts.events.event_types import event_type
    from tiendo_ingest.ingest_state import opened_ingest
    from tiendo_ingest.taking import PagesIntake

    event = {
        "specversion": "1.0",
        "id": event_id or uuid4().hex,
        "source": SOURCE,
        "type": event_type(fact),
        "subject": case_id,
        "time": datetime.now(UTC).isoformat(),
        "data": _said(data),
    }
    async with opened() as context, opened_ingest(context.engine, CollectorRegistry()) as ingest:
        position = await PagesIntake(ingest).take(command_sender(), event, address="tiendo explanations")
    if output is OutputFormat.JSON:
        emit_line(json.dumps({"source": SOURCE, "id": event["id"], "position": position}))
    else:
        say(f"{event['type']} {event['id']} at position {position}")


async def _list(asked: "ExplanationQuestion", limit: int, language: Language, output: OutputFormat) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_cli.tables.explanation_tables import explanation_table
    from tiendo_cli.terminal import show
    from tiendo_contracts.answers.common import notice_of
    from tiendo_contracts.answers.explanations import ExplanationPage
    from tiendo_query.accountability.explained_cases import author_in, explanation_page
    from tiendo_query.answering.explanations import listed_explanation

    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        page = await explanation_page(side, snapshot, asked, limit=limit, cursor=None)
        now = side.now()
        author, caller = author_in(snapshot, command_sender(), now), command_sender()
    items: Sequence[Any] = [listed_explanation(one, caller, author, now) for one in page.items]
    simulated = any(one.seen.simulated for one in page.items)
    notice = notice_of(simulated=simulated)
    if output is OutputFormat.JSON:
        answer = ExplanationPage(simulated=simulated, notice=notice, items=items, next=page.next)
        emit_line(answer.model_dump_json(by_alias=True, indent=2))
        return
    show(*([] if notice is None else [notice]), explanation_table(items, language))
