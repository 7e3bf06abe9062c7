"""The page on how far the figures of a period can be trusted."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import Query, Request
from fastapi.responses import HTMLResponse

from tiendo_contracts.answers.quality import QualityAnswer
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_domain.quality import THRESHOLDS
from tiendo_query.answering.answers import query_side_of
from tiendo_query.answering.quality import quality_answer, quality_parts
from tiendo_query.pages.bar import LISTS_ANSWER, ChoiceBar, presets_at, units_of
from tiendo_query.pages.code.route import has_figures
from tiendo_query.pages.framing import frame_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import AnyVisitor, page_router, sight_of
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.quality.quality_seen import seen_quality
from tiendo_query.quality.quality_sums import AskedQuality
from tiendo_runtime.web import SignInNeeded

UNITS_MAX: Final = 20
BURSTS_MAX: Final = 20

router: Final = page_router()


@router.get("/quality")
async def quality(request: Request, session: AnyVisitor, asked: Annotated[LookingParameters, Query()]) -> HTMLResponse:
    """What is irregular in the period, which minutes rest on it, and the verdict; every figure leads to its cases."""
    if not has_figures(request, session):
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        seen = await seen_quality(
            side, snapshot, AskedQuality(start=start, end=end, as_of=asked.as_of), asked.unit, Language.VIETNAMESE
        )
    days = {"from": start.isoformat(), "to": end.isoformat()}
    words = replace(seen.words, cases="/cases", days=days)
    header = {"simulated": seen.found.total().simulated > 0, "notice": None, "name": THRESHOLDS.name}
    answer = quality_answer(quality_parts(seen.found, words, seen.names), [], None, words, header)
    period = words.period
    unit = None if asked.unit is None else words.tree.path(asked.unit)
    bar = ChoiceBar(
        answers=LISTS_ANSWER,
        start=start,
        end=end,
        presets=presets_at(end),
        unit_path=unit,
        units=units_of(words.tree, asked.unit),
    )
    frame = frame_of(snapshot, session, asked, period, now=now, simulated=answer.simulated, bar=bar)
    values = _values(answer) | {"start": start, "end": end, "thresholds": THRESHOLDS}
    return rendered(request, "quality/page.html", frame, values)


def _values(answer: QualityAnswer) -> dict[str, Any]:
    units = sorted(answer.units, key=lambda one: (-one.doubtful_minutes, -sum(kind.cases for kind in one.anomalies)))
    return {
        "quality": answer,
        "units": [one for one in units if one.anomalies][:UNITS_MAX],
        "bursts": sorted(answer.bursts, key=lambda one: -one.cases)[:BURSTS_MAX],
        "definitions": {one.kind: one for one in answer.definitions},
        "verdicts": VERDICT_WORDS,
    }
