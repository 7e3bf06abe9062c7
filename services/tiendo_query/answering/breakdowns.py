"""Breakdowns as answers; pages show the very same, with links to pages."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from tiendo_contracts.answers.breakdowns import (
    CauseOfLateness,
    CourseStretch,
    FlowHandover,
    FlowPlace,
    HourOfTheWeek,
    LostStep,
    ProcedureStep,
    StepQuartiles,
)
from tiendo_contracts.answers.common import Named, notice_of
from tiendo_contracts.explanation import CAUSE_WORDS
from tiendo_contracts.problems.problem_kinds import Language
from tiendo_query.breakdowns import procedure_steps
from tiendo_query.breakdowns.case_links import CaseLinks
from tiendo_query.breakdowns.cause_sums import LatenessCauses
from tiendo_query.breakdowns.daily_course import DailyCourse
from tiendo_query.breakdowns.unit_flows import HandedOver, UnitFlow
from tiendo_query.figures.figure_lists import Figure
from tiendo_query.questions.periods import AskedPeriod
from tiendo_read_models.queries.periods import Period
from tiendo_read_models.queries.time_in_steps import WITHOUT_STEP

STEPS_MAX: Final = 100
HANDOVERS_MAX: Final = 500


def of_period(period: AskedPeriod, unit: str | None, *, simulated: bool) -> Mapping[str, Any]:
    """The members that every breakdown of a period has."""
    return {
        "simulated": simulated,
        "notice": notice_of(simulated=simulated),
        "from": period.from_text,
        "to": period.to_text,
        "as_of": period.as_of_text,
        "unit": unit,
    }


def cause_answers(found: LatenessCauses, links: CaseLinks, language: Language) -> list[CauseOfLateness]:
    """Every cause, those without a minute too."""
    return [
        CauseOfLateness(
            cause=one.cause,
            title=CAUSE_WORDS[one.cause].spoken(language),
            cases=one.cases,
            minutes=one.minutes,
            by_rule_minutes=one.by_rule_minutes,
            href=links.listed(cause=one.cause),
        )
        for one in found.causes
    ]


def _step(step: str, name: str | None) -> Named | None:
    return None if step == WITHOUT_STEP else Named(id=step, name=name)


def lost_step_answers(steps: Sequence[procedure_steps.StepLoss], links: CaseLinks) -> list[LostStep]:
    """The steps in their order."""
    return [
        LostStep(
            procedure=Named(id=one.procedure_id, name=one.procedure_name),
            step=_step(one.step, one.step_name),
            cases=one.cases,
            minutes=one.minutes,
            allotted_cases=one.allotted_cases,
            overran_cases=one.overran_cases,
            overrun_minutes=one.overrun_minutes,
            href=links.in_procedure(one.procedure_id).listed(step=one.step),
            overran_href=links.in_procedure(one.procedure_id).listed(step=one.step, step_overran=True),
        )
        for one in steps
    ]


def procedure_step_answers(steps: Sequence[procedure_steps.TimedStep], links: CaseLinks) -> list[ProcedureStep]:
    """The steps of one procedure in their order."""
    return [_timed(one, links) for one in steps]


def _timed(one: procedure_steps.TimedStep, links: CaseLinks) -> ProcedureStep:
    first, median, third = one.distribution.quartiles()
    return ProcedureStep(
        step=_step(one.step, one.name),
        cases=one.distribution.cases,
        minutes=one.distribution.minutes,
        quartiles=StepQuartiles(first=first, median=median, third=third, most=one.distribution.most),
        allotted_minutes=one.allotted,
        overran_cases=one.overran_cases,
        overrun_minutes=one.overrun_minutes,
        href=links.listed(step=one.step),
        overran_href=links.listed(step=one.step, step_overran=True),
    )


def stretch_answers(course: DailyCourse, links: CaseLinks, period: Period, zone: ZoneInfo) -> list[CourseStretch]:
    """The stretches in their order."""
    return [
        CourseStretch(
            first=one.first,
            last=one.last,
            received=one.received,
            resolved=one.resolved,
            overdue=one.overdue,
            classes={name: cases for name, cases in sorted(one.by_class.items()) if name},
            received_href=links.received(one.first, one.last, period, zone),
            resolved_href=links.listed(figure=Figure.RESOLVED, finished_from=one.first, finished_to=one.last),
            overdue_href=links.listed(figure=Figure.RESOLVED_OVERDUE, finished_from=one.first, finished_to=one.last),
        )
        for one in course.stretches
    ]


def hour_answers(course: DailyCourse, links: CaseLinks) -> list[HourOfTheWeek]:
    """The hours in their order."""
    return [
        HourOfTheWeek(
            weekday=one.weekday,
            hour=one.hour,
            resolved=one.resolved,
            overdue=one.overdue,
            href=links.listed(figure=Figure.RESOLVED, weekday=one.weekday, hour=one.hour),
        )
        for one in course.hours
    ]


def place_answers(flow: UnitFlow) -> list[FlowPlace]:
    """The places, most added minutes first."""
    stays = sorted(flow.stays.values(), key=lambda one: (-one.added_minutes, one.place))
    return [
        FlowPlace(
            place=one.place,
            name=name_of_place(flow, one.place),
            cases=one.cases,
            holds=one.holds,
            added_minutes=one.added_minutes,
            won_back_minutes=one.won_back_minutes,
        )
        for one in stays
    ]


def name_of_place(flow: UnitFlow, place: str) -> str | None:
    """What the unit is called; None for a place that is none, or that nobody names."""
    node = flow.tree.nodes.get(place)
    return None if node is None else node.name


def handover_answers(flow: UnitFlow, links: CaseLinks) -> list[FlowHandover]:
    """The handovers in their order. The links ask for cases of all units: whose cases they are is not what the flow is about."""
    whole = True if flow.whole else None

    def listed(one: HandedOver, *, late: bool | None) -> str:
        handover = one.handover
        return links.listed(
            handed_from=handover.giver,
            handed_to=handover.receiver,
            handed_late=late,
            flow_of=flow.unit,
            flow_whole=whole,
        )

    return [
        FlowHandover(
            giver=one.handover.giver,
            receiver=one.handover.receiver,
            cases=one.cases,
            handovers=one.handovers,
            late_handovers=one.late_handovers,
            inherited_minutes=one.inherited_minutes,
            href=listed(one, late=None),
            late_href=listed(one, late=True),
        )
        for one in flow.handed[:HANDOVERS_MAX]
    ]
