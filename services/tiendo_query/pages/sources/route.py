"""The address of the sources."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import Query, Request, Response

from tiendo_contracts.problems.problem_kinds import Language
from tiendo_domain.quality import THRESHOLDS
from tiendo_event_store.sources.source_lags import source_lags
from tiendo_query.answering.answers import query_side_of
from tiendo_query.answering.quality import quality_answer, quality_parts
from tiendo_query.pages.bar import Choice, ChoiceBar, presets_at
from tiendo_query.pages.framing import frame_of
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.page_routes import OneVisitor, page_router
from tiendo_query.pages.rendering import rendered
from tiendo_query.pages.shown_periods import shown_period
from tiendo_query.pages.sorted_tables import heads_of
from tiendo_query.pages.sources.view import SORTED, sources_view
from tiendo_query.quality.quality_seen import seen_quality
from tiendo_query.quality.quality_sums import AskedQuality

router: Final = page_router()
_ANSWERS: Final = frozenset({Choice.PERIOD, Choice.AS_OF})


class SourcesParameters(LookingParameters):
    """How the sources are looked at, and in which order they stand."""

    sort: Annotated[str | None, *SORTED.parameter] = None


@router.get("/sources")
async def sources(request: Request, session: OneVisitor, asked: Annotated[SourcesParameters, Query()]) -> Response:
    """When something last came of each source and how late, and what is irregular in its cases of the period."""
    side = query_side_of(request, session.sight)
    now = side.now()
    async with side.snapshot(heavy=True) as snapshot:
        start, end = await shown_period(snapshot, asked.from_, asked.to, now=now)
        question = AskedQuality(start=start, end=end, as_of=asked.as_of)
        seen = await seen_quality(side, snapshot, question, None, Language.VIETNAMESE)
        days = {"from": start.isoformat(), "to": end.isoformat()}
        words = replace(seen.words, cases="/cases", days=days)
        header = {"simulated": seen.found.total().simulated > 0, "notice": None, "name": THRESHOLDS.name}
        answer = quality_answer(quality_parts(seen.found, words, seen.names), [], None, words, header)
        async with snapshot.arrivals() as connection:
            lags = await source_lags(connection, [one.source for one in answer.sources])
        view = sources_view(answer, lags, snapshot.zone, (start, end), sort=asked.sort)
        bar = ChoiceBar(answers=_ANSWERS, start=start, end=end, presets=presets_at(end), own=asked.own)
        frame = frame_of(snapshot, session, asked, words.period, now=now, simulated=answer.simulated, bar=bar)
    heads = heads_of(frame, asked, "/sources", (start, end), sort=SORTED)
    return rendered(request, "sources/page.html", frame, {"view": view, **heads})
