"""The quality of a period's figures: what is irregular, and which minutes rest on it."""

from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.quality import QualityAnswer
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_domain.quality import THRESHOLDS
from tiendo_query.answering.answers import (
    POSITION_HEADER,
    SIMULATED_HEADER,
    LanguageParameter,
    QuerySideParameter,
    documented,
    query_router,
)
from tiendo_query.answering.json_answers import json_answer
from tiendo_query.answering.quality import quality_answer, quality_parts, rows_after
from tiendo_query.quality.quality_figures import group_order
from tiendo_query.quality.quality_seen import seen_quality
from tiendo_query.quality.quality_sums import AskedQuality
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.parameters import PageParameters, PeriodParameters, TextParameter

router: Final = query_router("quality")
_CURSOR_KINDS: Final = (str, str, str, str)


class QualityParameters(PeriodParameters, PageParameters):
    """Over which period, and of which units."""

    unit: TextParameter = Field(default=None, description="id: responsible is this unit or one below it")


@router.get(
    "/quality",
    summary="How far the figures of a period can be trusted",
    responses=documented(404, 504),
    operation_id="read_quality",
    response_model=QualityAnswer,
)
async def read_quality(
    side: QuerySideParameter, language: LanguageParameter, asked: Annotated[QualityParameters, Query()]
) -> Response:
    """The number of each irregularity and the minutes of attribution that rest on it: in all, by source, by unit, by month, and by all three in `items`."""
    question: dict[str, object] = {"from": asked.from_, "to": asked.to, "as_of": asked.as_of, "unit": asked.unit}
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=_CURSOR_KINDS)
    now = None if cursor is None else parse_instant(cursor.as_of)
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        of = AskedQuality(start=asked.from_, end=asked.to, as_of=asked.as_of, now=now)
        seen = await seen_quality(side, snapshot, of, asked.unit, language)
    groups = rows_after(seen.found, None if cursor is None else cursor.after)
    following = None
    if len(groups) > asked.limit:
        last = group_order(groups[asked.limit - 1])
        following = cursors.written(Cursor(after=last, as_of=seen.now.isoformat()), question)
    simulated = seen.found.total().simulated > 0
    header = {"simulated": simulated, "notice": notice_of(simulated=simulated), "name": THRESHOLDS.name}
    rows = [seen.words.row(group, seen.found.groups[group]) for group in groups[: asked.limit]]
    answer = quality_answer(quality_parts(seen.found, seen.words, seen.names), rows, following, seen.words, header)
    position = str(snapshot.reader.position)
    return json_answer(answer, {POSITION_HEADER: position, SIMULATED_HEADER: "true" if simulated else "false"})
