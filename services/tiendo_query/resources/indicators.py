"""Indicators: named, versioned, each with what it was made of."""

from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.answers.reports import IndicatorsAnswer
from tiendo_query.answering.answers import LanguageParameter, QuerySideParameter, documented, mark, query_router
from tiendo_query.figures.counting import quality_of
from tiendo_query.figures.indicators import INDICATORS, decision_766
from tiendo_query.quality.quality_marks import quality_path
from tiendo_query.questions.parameters import ListParameters, PeriodParameters, TextParameter
from tiendo_query.sums.tallies import AskedTally, found_tally

router: Final = query_router("indicators")


class IndicatorParameters(PeriodParameters, ListParameters):
    """Over which period, and of which units."""

    unit: TextParameter = Field(default=None, description="id: responsible is this unit or one below it")


@router.get("/indicators", summary="Named indicators", responses=documented(404, 504), operation_id="read_indicators")
async def read_indicators(
    side: QuerySideParameter,
    language: LanguageParameter,
    response: Response,
    asked: Annotated[IndicatorParameters, Query()],
) -> IndicatorsAnswer:
    """Every indicator over the period, each with its definition, and the counts of Decision 766."""
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        question = AskedTally(start=asked.from_, end=asked.to, as_of=asked.as_of, unit=asked.unit)
        found = await found_tally(side, snapshot, question)
    counts = found.tally.total
    mark(response, snapshot, simulated=found.tally.simulated)
    return IndicatorsAnswer.model_validate(
        {
            "simulated": found.tally.simulated,
            "notice": notice_of(simulated=found.tally.simulated),
            "from": found.period.from_text,
            "to": found.period.to_text,
            "as_of": found.period.as_of_text,
            "unit": asked.unit,
            "cases_left_out": found.tally.leaves_out(asked.unit),
            "quality": quality_of(counts, quality_path(found.period, asked.unit)),
            "indicators": [indicator.answer(counts, language) for indicator in INDICATORS],
            "decision_766": decision_766(counts, language),
        }
    )
