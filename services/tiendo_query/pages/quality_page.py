"""The page on how far the figures of a period can be trusted."""

from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse

from tiendo_contracts.answers.quality import QualityAnswer
from tiendo_contracts.problem_kinds import Language
from tiendo_contracts.quality_words import VERDICT_WORDS
from tiendo_domain.quality import THRESHOLDS
from tiendo_query.answering.quality import quality_answer, quality_parts
from tiendo_query.answers import query_side_of
from tiendo_query.pages.first_page import shown_period
from tiendo_query.pages.page_routes import PageRoute, no_null_character
from tiendo_query.pages.parameters import QualityPageParameters
from tiendo_query.pages.rendering import Frame, rendered
from tiendo_query.pages.routes import AnyVisitor, sight_of
from tiendo_query.pages.showing import kept_as_of
from tiendo_query.pages.whole_codes import has_figures
from tiendo_query.quality_seen import seen_quality
from tiendo_query.quality_sums import AskedQuality
from tiendo_query.strict_routes import each_parameter_once
from tiendo_runtime.web import SignInNeeded

UNITS_MAX: Final = 20
BURSTS_MAX: Final = 20

router: Final = APIRouter(
    include_in_schema=False,
    route_class=PageRoute,
    dependencies=[Depends(no_null_character), Depends(each_parameter_once)],
)


@router.get("/quality")
async def quality(
    request: Request, session: AnyVisitor, asked: Annotated[QualityPageParameters, Query()]
) -> HTMLResponse:
    """What is irregular in the period, which minutes rest on it, and the verdict; every figure leads to its cases."""
    if not has_figures(request, session):
        raise SignInNeeded
    side = query_side_of(request, sight_of(session))
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        seen = await seen_quality(side, snapshot, AskedQuality(start=start, end=end), asked.unit, Language.VIETNAMESE)
    days = {"from": start.isoformat(), "to": end.isoformat()}
    words = replace(seen.words, cases="/cases", days=days)
    header = {"simulated": seen.found.total().simulated > 0, "notice": None, "name": THRESHOLDS.name}
    answer = quality_answer(quality_parts(seen.found, words, seen.names), [], None, words, header)
    period = words.period
    frame = Frame(
        signed_in=session is not None,
        simulated=answer.simulated,
        position=snapshot.reader.position,
        as_of=period.as_of_text,
        kept_as_of=kept_as_of(period.as_of_text, asked=False, at=period.period.as_of, now=now),
    )
    unit = None if asked.unit is None else words.tree.path(asked.unit)
    values = _values(answer) | {"start": start, "end": end, "unit_path": unit, "thresholds": THRESHOLDS}
    return rendered(request, "quality.html", frame, values)


def _values(answer: QualityAnswer) -> dict[str, Any]:
    units = sorted(answer.units, key=lambda one: (-one.doubtful_minutes, -sum(kind.cases for kind in one.anomalies)))
    return {
        "quality": answer,
        "units": [one for one in units if one.anomalies][:UNITS_MAX],
        "bursts": sorted(answer.bursts, key=lambda one: -one.cases)[:BURSTS_MAX],
        "definitions": {one.kind: one for one in answer.definitions},
        "verdicts": {verdict: words.vi for verdict, words in VERDICT_WORDS.items()},
    }
