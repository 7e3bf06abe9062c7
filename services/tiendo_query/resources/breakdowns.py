"""What figures are made of: by cause, step and day; the flow between units."""

from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field

from tiendo_contracts.answers.breakdowns import Breakdown, FlowAnswer
from tiendo_query.answering.answers import LanguageParameter, QuerySideParameter, documented, mark, query_router
from tiendo_query.answering.breakdowns import (
    STEPS_MAX,
    cause_answers,
    handover_answers,
    hour_answers,
    lost_step_answers,
    of_period,
    place_answers,
    stretch_answers,
)
from tiendo_query.breakdowns.case_links import CaseLinks
from tiendo_query.breakdowns.cause_sums import cause_sums, lateness_causes
from tiendo_query.breakdowns.daily_course import daily_course, day_sums, shown_days
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.breakdowns.procedure_steps import step_losses, step_sums
from tiendo_query.breakdowns.unit_flows import unit_flow
from tiendo_query.names.known_units import known_subtree
from tiendo_query.questions.parameters import ListParameters, PeriodParameters, TextParameter, TrueParameter
from tiendo_query.sums.tallies import AskedTally, found_tally

router: Final = query_router("breakdowns")


class BreakdownParameters(PeriodParameters, ListParameters):
    """Over which period, and of which units."""

    unit: TextParameter = Field(default=None, description="id: responsible is this unit or one below it")

    @property
    def time(self) -> AskedTime:
        """The period that is asked about."""
        return AskedTime(start=self.from_, end=self.to, as_of=self.as_of)


class FlowParameters(PeriodParameters, ListParameters):
    """Over which period, and seen from where."""

    unit: TextParameter = Field(
        default=None,
        description="id: the units directly below it are places, others stand as their agencies; none: all agencies",
    )
    whole: TrueParameter = Field(default=None, description="with `unit`: the unit with all below it is one place")


@router.get(
    "/breakdown", summary="What figures are made of", responses=documented(404, 504), operation_id="read_breakdown"
)
async def read_breakdown(
    side: QuerySideParameter,
    language: LanguageParameter,
    response: Response,
    asked: Annotated[BreakdownParameters, Query()],
) -> Breakdown:
    """The lateness of the cases finished in the period by cause, the steps in which it arises, and the course of the period."""
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        question = AskedTally(start=asked.from_, end=asked.to, as_of=asked.as_of, unit=asked.unit)
        found = await found_tally(side, snapshot, question)
        period = found.period
        units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, period.period)
        causes = lateness_causes(await cause_sums(side, snapshot, asked.time), units=units)
        steps = step_losses(await step_sums(side, snapshot, asked.time), units)
        days = await day_sums(side, snapshot, asked.time)
    first, last = shown_days(period.period, days, snapshot.zone)
    course, links = daily_course(days, first, last, units), CaseLinks.of_program(period, asked.unit)
    mark(response, snapshot, simulated=found.tally.simulated)
    return Breakdown.model_validate(
        {
            **of_period(period, asked.unit, simulated=found.tally.simulated),
            "lateness_minutes": causes.lateness_minutes,
            "lateness_by_rule_minutes": causes.lateness_by_rule_minutes,
            "all_minutes": causes.all_minutes,
            "causes": cause_answers(causes, links, language),
            "steps": lost_step_answers(steps[:STEPS_MAX], links),
            "course": stretch_answers(course, links, period.period, snapshot.zone),
            "hours": hour_answers(course, links),
        }
    )


@router.get(
    "/flows", summary="The flow of cases between units", responses=documented(404, 504), operation_id="read_flows"
)
async def read_flows(
    side: QuerySideParameter, response: Response, asked: Annotated[FlowParameters, Query()]
) -> FlowAnswer:
    """Handovers between places in the cases finished in the period, with the lateness that each inherits; what each place added."""
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        time = AskedTime(start=asked.from_, end=asked.to, as_of=asked.as_of)
        simulated = (
            await found_tally(side, snapshot, AskedTally(start=asked.from_, end=asked.to, as_of=asked.as_of))
        ).tally.simulated
        flow = await unit_flow(side, snapshot, time, asked.unit, whole=asked.whole is True)
    mark(response, snapshot, simulated=simulated)
    return FlowAnswer.model_validate(
        {
            **of_period(flow.period, asked.unit, simulated=simulated),
            "whole": flow.whole,
            "places": place_answers(flow),
            "handovers": handover_answers(flow, CaseLinks.of_program(flow.period)),
        }
    )
