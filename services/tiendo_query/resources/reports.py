"""The report of the province over a period: the same object as `tiendo report --format json`."""

from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.reports import Report
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_query.answering.answers import QuerySideParameter, documented, mark, query_router
from tiendo_query.figures.reporting import AskedReport, report
from tiendo_query.questions.parameter_refusals import refused
from tiendo_query.questions.parameters import DayParameter, ListParameters

router: Final = query_router("reports")

_NOT_BEFORE: Final = Words(en="a date that is not before `from`", vi="ngày không trước `from`")


class ReportParameters(ListParameters):
    """The period of the report: local dates of the default calendar's zone, both inclusive."""

    from_: DayParameter = Field(
        default=None, alias="from", description="default: from the first event on", examples=["2022-01-01"]
    )
    to: DayParameter = Field(default=None, description="default: the day of `as_of`", examples=["2022-08-25"])


@router.get("/report", summary="The figures of a period", responses=documented(504), operation_id="read_report")
async def read_report(
    side: QuerySideParameter, response: Response, asked: Annotated[ReportParameters, Query()]
) -> Report:
    """Cases resolved in the period and open at its end, of the province, by field and by unit. Other views: `tiendo report`."""
    if asked.from_ is not None and asked.to is not None and asked.from_ > asked.to:
        raise refused("to", _NOT_BEFORE)
    question = AskedReport(start=asked.from_, end=asked.to, as_of=asked.as_of)
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        found = await report(side, snapshot, question)
    mark(response, snapshot, simulated=found.simulated)
    return found
