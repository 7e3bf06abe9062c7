"""What the page of a procedure shows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from tiendo_contracts.answers.breakdowns import CauseOfLateness, ProcedureStep
from tiendo_contracts.answers.reports import Figures
from tiendo_contracts.problems.problem_kinds import Language, Words
from tiendo_query.answering.breakdowns import cause_answers, procedure_step_answers
from tiendo_query.breakdowns.cause_sums import cause_sums, lateness_causes
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.breakdowns.procedure_steps import step_minute_sums, timed_steps
from tiendo_query.breakdowns.procedures import known_procedure, procedure_sum
from tiendo_query.figures.counting import figures
from tiendo_query.names.known_units import known_subtree, tree_of
from tiendo_query.pages.charts import Chart
from tiendo_query.pages.charts.boxes import Box, boxes
from tiendo_query.pages.charts.drawing import Shown
from tiendo_query.pages.figure_charts import case_links, cause_chart
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.pages.showing import NOTHING, Said
from tiendo_query.query_side import QuerySide, Snapshot
from tiendo_query.questions.periods import AskedPeriod

_NORM: Final = Words(vi="thời hạn của bước", en="allotment of the step")
_NO_STEP: Final = Words(vi="không nêu bước", en="no step named")
_HEADS: Final = (
    Words(vi="Bước", en="Step"),
    Words(vi="Hồ sơ", en="Cases"),
    Words(vi="25 % số hồ sơ", en="25 % of cases"),
    Words(vi="Trung vị", en="Median"),
    Words(vi="75 % số hồ sơ", en="75 % of cases"),
    Words(vi="Lâu nhất", en="Longest"),
    Words(vi="Thời hạn bước", en="Allotment"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureView:
    """The procedure over a period, in cases of the unit's subtree if one is chosen."""

    id: str
    name: str | None
    start: date
    end: date
    period: AskedPeriod
    unit_path: str | None
    counts: Figures
    simulated: bool
    norm_minutes: int | None
    steps: Sequence[ProcedureStep]
    steps_chart: Chart
    causes: Sequence[CauseOfLateness]
    causes_chart: Chart


async def procedure_view(
    side: QuerySide, snapshot: Snapshot, procedure_id: str, asked: LookingParameters, days: tuple[date, date]
) -> ProcedureView:
    """The page; raises the refusal of a procedure that no case names, or of a unit that nothing names."""
    start, end = days
    time = AskedTime(start=start, end=end, as_of=asked.as_of)
    found = await procedure_sum(side, snapshot, time)
    period = found.period
    units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, period.period)
    procedure = await known_procedure(snapshot, found.total, procedure_id, units)
    links = case_links(asked.looking, period, start, end, asked.unit).in_procedure(procedure_id)
    causes = lateness_causes(await cause_sums(side, snapshot, time), units=units, procedure=procedure_id)
    told = cause_answers(causes, links, Language.VIETNAMESE)
    steps = procedure_step_answers(
        timed_steps(await step_minute_sums(side, snapshot, time, procedure_id, units)), links
    )
    rule = snapshot.rules.procedure(procedure_id, period.period.last_moment.astimezone(snapshot.zone).date())
    return ProcedureView(
        id=procedure_id,
        name=procedure.name,
        start=start,
        end=end,
        period=period,
        unit_path=None if asked.unit is None else (await tree_of(snapshot, period.period)).path(asked.unit),
        counts=Figures.model_validate(figures(procedure.counts, "")),
        simulated=procedure.counts["simulated"] > 0,
        norm_minutes=None if rule is None else rule.norm_minutes,
        steps=steps,
        steps_chart=_steps_chart(steps),
        causes=told,
        causes_chart=cause_chart(told),
    )


def step_words(step: ProcedureStep) -> Said:
    """What the step is called."""
    return _NO_STEP if step.step is None else step.step.name or step.step.id or NOTHING


def _steps_chart(steps: Sequence[ProcedureStep]) -> Chart:
    found = [
        Box(
            words=step_words(one),
            first=one.quartiles.first,
            median=one.quartiles.median,
            third=one.quartiles.third,
            norm=one.allotted_minutes,
        )
        for one in steps
    ]
    rows: list[list[Shown]] = [
        [
            step_words(one),
            one.cases,
            one.quartiles.first,
            one.quartiles.median,
            one.quartiles.third,
            one.quartiles.most,
            NOTHING if one.allotted_minutes is None else one.allotted_minutes,
        ]
        for one in steps
    ]
    return boxes(
        "steps",
        Words(vi="Phút làm việc của một hồ sơ ở từng bước", en="Working minutes of a case in each step"),
        found,
        norm=_NORM,
        heads=_HEADS,
        rows=rows,
        hrefs=[one.href for one in steps],
        note=Words(
            vi="Thời gian của cả bước, không kể ai giữ; không tính lúc tạm dừng.",
            en="The time of the whole step, whoever held; pauses do not count.",
        ),
    )
