"""Procedures: their figures, who is late in them, and where their time goes."""

from typing import Annotated, Final

from fastapi import Path, Query, Response
from pydantic import Field

from tiendo_contracts.answers.breakdowns import ProcedureAnswer, ProcedureList
from tiendo_contracts.texts.instant_texts import parse_instant
from tiendo_query.answering.answers import LanguageParameter, QuerySideParameter, documented, mark, query_router
from tiendo_query.answering.breakdowns import cause_answers, of_period, procedure_step_answers
from tiendo_query.breakdowns.case_links import CaseLinks
from tiendo_query.breakdowns.cause_sums import cause_sums, lateness_causes
from tiendo_query.breakdowns.period_sums import AskedTime
from tiendo_query.breakdowns.procedure_steps import step_minute_sums, timed_steps
from tiendo_query.breakdowns.procedures import counted_procedures, known_procedure, procedure_sum
from tiendo_query.figures.counting import figures
from tiendo_query.names.known_units import known_subtree
from tiendo_query.quality.quality_marks import quality_path
from tiendo_query.questions import cursors
from tiendo_query.questions.cursors import Cursor
from tiendo_query.questions.parameters import ListParameters, PageParameters, PeriodParameters, TextParameter

router: Final = query_router("procedures")
ProcedureId = Annotated[
    str, Path(min_length=1, description="id of a procedure as it was sent, percent-encoded", examples=["1.004227"])
]


class ProcedureParameters(PeriodParameters, ListParameters):
    """Over which period, and of which units."""

    unit: TextParameter = Field(default=None, description="id: responsible is this unit or one below it")


class ProceduresParameters(PeriodParameters, PageParameters):
    """Over which period, and of which units."""

    unit: TextParameter = Field(default=None, description="id: responsible is this unit or one below it")


@router.get(
    "/procedures",
    summary="Procedures with their figures",
    responses=documented(404, 504),
    operation_id="list_procedures",
)
async def list_procedures(
    side: QuerySideParameter, response: Response, asked: Annotated[ProceduresParameters, Query()]
) -> ProcedureList:
    """Every procedure that cases of the period name, by id, with its figures."""
    question: dict[str, object] = {"from": asked.from_, "to": asked.to, "as_of": asked.as_of, "unit": asked.unit}
    cursor = None if asked.cursor is None else cursors.read(asked.cursor, question, kinds=(str,))
    now = None if cursor is None else parse_instant(cursor.as_of)
    time = AskedTime(start=asked.from_, end=asked.to, as_of=asked.as_of, now=now)
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        found = await procedure_sum(side, snapshot, time)
        units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, found.period.period)
    every = counted_procedures(found.total, units)
    if cursor is not None:
        after = str(cursor.after[0])
        every = [one for one in every if (one.id or "") > after]
    page, following = every[: asked.limit], None
    if len(every) > asked.limit:
        following = cursors.written(Cursor(after=(page[-1].id or "",), as_of=found.now.isoformat()), question)
    simulated = any(one.counts["simulated"] for one in every)
    href = quality_path(found.period, asked.unit)
    mark(response, snapshot, simulated=simulated)
    return ProcedureList.model_validate(
        {
            **of_period(found.period, asked.unit, simulated=simulated),
            "items": [{"id": one.id, "name": one.name, **figures(one.counts, href)} for one in page],
            "next": following,
        }
    )


@router.get(
    "/procedures/{procedure_id}", summary="One procedure", responses=documented(404, 504), operation_id="read_procedure"
)
async def read_procedure(
    procedure_id: ProcedureId,
    side: QuerySideParameter,
    language: LanguageParameter,
    response: Response,
    asked: Annotated[ProcedureParameters, Query()],
) -> ProcedureAnswer:
    """The figures of the procedure over the period, its lateness by cause, and the working minutes of its cases in each step."""
    time = AskedTime(start=asked.from_, end=asked.to, as_of=asked.as_of)
    async with side.snapshot(min_position=asked.min_position, heavy=True) as snapshot:
        found = await procedure_sum(side, snapshot, time)
        period = found.period
        units = None if asked.unit is None else await known_subtree(snapshot, asked.unit, period.period)
        procedure = await known_procedure(snapshot, found.total, procedure_id, units)
        causes = lateness_causes(await cause_sums(side, snapshot, time), units=units, procedure=procedure_id)
        steps = timed_steps(await step_minute_sums(side, snapshot, time, procedure_id, units))
    rule = snapshot.rules.procedure(procedure_id, period.period.last_moment.astimezone(snapshot.zone).date())
    links = CaseLinks.of_program(period, asked.unit).in_procedure(procedure_id)
    simulated = procedure.counts["simulated"] > 0
    mark(response, snapshot, simulated=simulated)
    return ProcedureAnswer.model_validate(
        {
            **of_period(period, asked.unit, simulated=simulated),
            "id": procedure.id,
            "name": procedure.name,
            **figures(procedure.counts, quality_path(period, asked.unit)),
            "norm_minutes": None if rule is None else rule.norm_minutes,
            "causes": cause_answers(causes, links, language),
            "steps": procedure_step_answers(steps, links),
        }
    )
