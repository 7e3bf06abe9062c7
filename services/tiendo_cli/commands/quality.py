"""`tiendo quality`: how far the figures of a period can be trusted."""

import typer

from tiendo_cli.asked_periods import AskedSpan, AsOfOption, FromOption, ToOption, UnitOption, span_asked
from tiendo_cli.context import FormatOption, OutputFormat, opened, run_command
from tiendo_cli.terminal import emit_line


def register(app: typer.Typer) -> None:
    """Add `tiendo quality`."""
    app.command("quality")(show_quality)


def show_quality(
    *,
    first: FromOption = None,
    last: ToOption = None,
    unit: UnitOption = None,
    as_of: AsOfOption = None,
    output: FormatOption = OutputFormat.TABLE,
) -> None:
    """Say what is irregular in the period, how many minutes of attribution rest on it, and whether the figures are good, doubtful or unusable."""
    run_command(_show(span_asked(first, last, as_of, unit), output))


async def _show(span: AskedSpan, output: OutputFormat) -> None:
    from tiendo_cli.projected import query_side
    from tiendo_cli.tables.quality_tables import print_quality
    from tiendo_contracts.answers.common import notice_of
    from tiendo_contracts.problems.problem_kinds import Language
    from tiendo_domain.quality import THRESHOLDS
    from tiendo_query.answering.quality import quality_answer, quality_parts, rows_after
    from tiendo_query.quality.quality_seen import seen_quality
    from tiendo_query.quality.quality_sums import AskedQuality

    language = Language.ENGLISH if output is OutputFormat.JSON else Language.VIETNAMESE
    async with opened() as context, query_side(context) as side, side.snapshot() as snapshot:
        asked = AskedQuality(start=span.start, end=await span.last_bound(side, snapshot), as_of=span.as_of)
        seen = await seen_quality(side, snapshot, asked, span.unit, language)
    simulated = seen.found.total().simulated > 0
    header = {"simulated": simulated, "notice": notice_of(simulated=simulated), "name": THRESHOLDS.name}
    rows = [seen.words.row(group, seen.found.groups[group]) for group in rows_after(seen.found, None)]
    answer = quality_answer(quality_parts(seen.found, seen.words, seen.names), rows, None, seen.words, header)
    if output is OutputFormat.JSON:
        emit_line(answer.model_dump_json(by_alias=True, indent=2))
    else:
        print_quality(answer, seen.words.tree)
