"""`tiendo rejections`: what was set aside, taken again."""

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_cli.applying_rules import naming, rules_in_force
from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.terminal import complain, emit_line, say
from tiendo_contracts.problems.problem_documents import problem_document
from tiendo_ingest.replaying import FORMATS, MendedTable, Replayed, ReplayOutcome, format_of, opened_replaying
from tiendo_runtime.authentication.sealing import key_secret_of
from tiendo_sources.mapping_values import mapping_text
from tiendo_sources.tables.entries import kept_row_events
from tiendo_sources.tables.mapping import parse_table_mapping

_SHOWN_MAX = 20
_POOL_SIZE = 5

commands = typer.Typer(help="Take again what was refused and set aside.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add `tiendo rejections`."""
    app.add_typer(commands, name="rejections")


@commands.callback()
def rejections() -> None:
    """Take again what was refused and set aside."""


@commands.command()
def replay(
    source_format: Annotated[
        list[str] | None,
        typer.Option("--of", help=f"Only what came in this format: {', '.join(FORMATS)}; may be given several times."),
    ] = None,
    request: Annotated[str | None, typer.Option(help="Only what this request refused.")] = None,
    mapping: Annotated[
        Path | None,
        typer.Option(
            help="The mended mapping of a table: rows of its source are taken again by it.", show_default=False
        ),
    ] = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Take again what was set aside, after a mend of the code or of what is configured.

    Each record goes the way that it came, under the key that sent it, as recorded when it came. What is taken is noted on its rejection; what is
    refused again stays. Status 1 when something is refused still.
    """
    unknown = set(source_format or ()) - set(FORMATS)
    if unknown:
        raise typer.BadParameter(f"one of {', '.join(FORMATS)}", param_hint="--of")
    run_command(_replay(frozenset(source_format or ()), request, mapping, output))


async def _mended(engine: AsyncEngine, mapping_file: Path) -> MendedTable:
    """How rows are read by the mapping and the rules in force."""
    with naming(mapping_file):
        mapping = parse_table_mapping(mapping_text(mapping_file))
    rules = await rules_in_force(engine)
    return MendedTable(source=mapping.source, events=lambda raw: kept_row_events(raw, mapping, rules))


async def _replay(formats: frozenset[str], request: str | None, mapping_file: Path | None, output: OutputFormat) -> int:
    counts: Counter[ReplayOutcome] = Counter()
    shown: list[dict[str, Any]] = []
    async with opened(pool_size=_POOL_SIZE) as context:
        secret = await key_secret_of(context.engine, context.settings.key_secret_path)
        table = None if mapping_file is None else await _mended(context.engine, mapping_file)
        async with opened_replaying(context.engine, secret, table) as replaying:
            async for replayed in replaying.replay(formats=formats, request=request):
                counts[replayed.outcome] += 1
                if replayed.outcome in {ReplayOutcome.REFUSED, ReplayOutcome.LEFT} and len(shown) < _SHOWN_MAX:
                    shown.append(_told(replayed))
    if output is OutputFormat.JSON:
        emit_line(
            json.dumps(
                {**{outcome.value: counts[outcome] for outcome in ReplayOutcome}, "shown": shown}, ensure_ascii=False
            )
        )
    else:
        for one in shown:
            complain(f"rejection {one['id']} ({one['format']}), {one['outcome']}: {one['reason']}")
        say(", ".join(f"{outcome.value.replace('-', ' ')}: {counts[outcome]}" for outcome in ReplayOutcome))
    return 1 if counts[ReplayOutcome.REFUSED] else 0


def _told(replayed: Replayed) -> dict[str, Any]:
    reason = replayed.reason if replayed.refusal is None else problem_document(replayed.refusal)["detail"]
    return {
        "id": replayed.rejection.id,
        "format": format_of(replayed.rejection),
        "outcome": replayed.outcome.value,
        "reason": reason,
    }
