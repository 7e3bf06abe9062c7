"""Cases: searched for, page by page, and one by itself."""

from typing import Annotated, Final

from fastapi import Query, Response
from pydantic import Field, WithJsonSchema

from tiendo_contracts.answers.cases import CaseDetail, CasePage
from tiendo_contracts.answers.common import notice_of
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, Words
from tiendo_query.answering.answers import CaseId, QuerySideParameter, documented, mark, query_router
from tiendo_query.answering.cases import case_answer, case_members
from tiendo_query.breakdowns.part_parameters import PartParameters
from tiendo_query.cases.case_pages import AskedCases, case_page, one_case
from tiendo_query.cases.case_sorts import SortParameter
from tiendo_query.cases.sorted_pages import page_of_list
from tiendo_query.figures.figure_lists import Figure
from tiendo_query.questions.parameters import (
    BooleanParameter,
    ClassParameter,
    DayOrInstant,
    HoursParameter,
    InstantParameter,
    ListParameters,
    MinutesParameter,
    MonthParameter,
    PageParameters,
    PeriodParameters,
    QualityParameter,
    StateParameter,
    TextParameter,
    TrueParameter,
    one_of,
)
from tiendo_query.questions.periods import asked_period

router: Final = query_router("cases")

_FIGURES: Final = tuple(figure.value for figure in Figure)
FigureParameter = Annotated[str | None, one_of(*_FIGURES), WithJsonSchema({"type": "string", "enum": list(_FIGURES)})]
_OPEN_ONLY: Final = Words(
    en="open=false or overdue=true: what is due within hours is open and not overdue",
    vi="open=false hoặc overdue=true: hồ sơ sắp đến hạn là hồ sơ đang giải quyết và chưa quá hạn",
)


class CaseParameters(PartParameters, PeriodParameters, PageParameters):
    """What is asked of cases; all conditions hold together."""

    text: TextParameter = Field(
        default=None,
        description="part of one of its codes, whatever the case of a to z; or the beginnings of words, without diacritics, or the initials "
        "of its procedure's, its field's or a unit's name, or of an officer who held it",
    )
    unit: TextParameter = Field(default=None, description="id: responsible is this unit or one below it")
    officer: TextParameter = Field(default=None, description="id: this officer has held the case")
    procedure: TextParameter = Field(default=None, description="id as it was sent")
    field: TextParameter = Field(default=None, description="id as it was sent")
    channel: TextParameter = Field(default=None, description="as it was sent: counter, online, post, …")
    state: StateParameter = None
    class_: ClassParameter = Field(default=None, alias="class")
    open: BooleanParameter = Field(default=None, description="received and not finished")
    overdue: BooleanParameter = Field(
        default=None,
        description="counted as overdue (rule C): class actual, late-entry or unproven, or open and late as at `as_of`",
    )
    lateness_min: MinutesParameter = Field(default=None, description="at least so many working minutes late")
    due_within_hours: HoursParameter = Field(
        default=None, description="open, not overdue, and due within so many working hours of the case's calendar"
    )
    received_from: DayOrInstant = Field(default=None, description="local date, inclusive, or instant")
    received_to: DayOrInstant = Field(default=None, description="local date, inclusive, or instant, exclusive")
    from_: DayOrInstant = Field(
        default=None,
        alias="from",
        description="with `to`: cases finished in the period, by the finish as recorded, or open at its end",
    )

    figure: FigureParameter = Field(
        default=None, description="counted under this figure of the report of the period (rule C, indicators)"
    )
    quality: QualityParameter = Field(
        default=None,
        description="irregular in this way (`/v1/quality`): of the cases finished in the period, or open at its end",
    )
    doubtful: TrueParameter = Field(
        default=None,
        description="finished in the period, and minutes of attribution rest on doubtful facts: with `quality` on those of that kind, "
        "with `officer` minutes of this officer",
    )
    late_entry_candidate: TrueParameter = Field(
        default=None,
        description="finished in the period, and perhaps only entered late (rule E2), which nobody has accepted yet: class `unproven` or "
        "`late-entry`, or `actual` with evidence that lies before the finish, in a burst of clicking or a silence of the source",
    )
    source: TextParameter = Field(default=None, description="the source that told of the reception")
    responsible: TextParameter = Field(default=None, description="id: responsible is this unit itself")
    month: MonthParameter = Field(
        default=None, description="finished in the period and in this month, by the finish as recorded"
    )
    began_at: InstantParameter = Field(
        default=None, description="with `quality` burst-clicking or sync-gap: of the burst or silence that began then"
    )

    sort: SortParameter = Field(
        default=None,
        description="by this member, `-` before one that falls, procedures and units by id, cases without it last (by lateness: as those of "
        "no minutes); default: by case id. Refused (422) where too many cases would have to be computed anew to know the order",
    )

    def cases(self) -> AskedCases:
        """The question without what concerns every list."""
        known = type(self).model_fields.keys() - {"figure"}
        figure = None if self.figure is None else Figure(self.figure)
        return AskedCases(
            **{name: getattr(self, name) for name in AskedCases.__slots__ if name in known},
            part=self.part,
            figure=figure,
        )


@router.get(
    "/cases",
    summary="Cases that match",
    responses=documented(404, 504),
    operation_id="list_cases",
    response_model=CasePage,
)
async def list_cases(
    side: QuerySideParameter, response: Response, asked: Annotated[CaseParameters, Query()]
) -> CasePage:
    """The cases that match, by case id or as `sort` says, each as at `as_of`: what the counts of reports and indicators are made of."""
    if asked.due_within_hours is not None and (asked.open is False or asked.overdue is True):
        raise Refusal(ProblemKind.PARAMETERS_CONTRADICT, field="due_within_hours", values={"others": _OPEN_ONLY})
    async with side.snapshot(min_position=asked.min_position, heavy=asked.sort is not None) as snapshot:
        page = await (case_page if asked.sort is None else page_of_list)(side, snapshot, asked.cases())
    simulated = any(record["simulated"] for record in page.records)
    mark(response, snapshot, simulated=simulated)
    return CasePage(
        simulated=simulated,
        notice=notice_of(simulated=simulated),
        as_of=page.as_of_text,
        items=[case_answer(record) for record in page.records],
        next=page.next,
    )


@router.get("/cases/{case_id}", summary="One case", responses=documented(404, 504), operation_id="read_case")
async def read_case(
    case_id: CaseId, side: QuerySideParameter, response: Response, asked: Annotated[ListParameters, Query()]
) -> CaseDetail:
    """The case as lists show it, as at `as_of`; holds and shares stand in its timeline."""
    async with side.snapshot(min_position=asked.min_position) as snapshot:
        now = side.now()
        period = asked_period(None, None, as_of=asked.as_of, now=now, zone=snapshot.zone)
        record = await one_case(side, snapshot, case_id, period.period.as_at)
    mark(response, snapshot, simulated=record["simulated"])
    return CaseDetail.model_validate(
        {
            **case_members(record),
            "as_of": period.as_of_text,
            "notice": notice_of(simulated=record["simulated"]),
        }
    )
