"""What narrows the list of cases; `figure` names a figure of a page, all else is that of `GET /v1/cases`."""

from typing import Annotated, Final

from pydantic import Field

from tiendo_query.breakdowns.part_parameters import PartParameters
from tiendo_query.cases.case_pages import AskedCases
from tiendo_query.cases.case_sorts import SortParameter
from tiendo_query.figures.figure_lists import Figure
from tiendo_query.pages.looking import LookingParameters
from tiendo_query.questions.parameters import (
    BooleanParameter,
    ClassParameter,
    CursorParameter,
    DayParameter,
    InstantParameter,
    MinutesParameter,
    MonthParameter,
    QualityParameter,
    StateParameter,
    TextParameter,
    TrueParameter,
    one_of,
)

ROWS_MAX: Final = 50
_FIGURES: Final = tuple(figure.value for figure in Figure)
FigureParameter = Annotated[str | None, one_of(*_FIGURES)]


class CasesParameters(PartParameters, LookingParameters):
    """The filters, and which page."""

    text: TextParameter = None
    overdue: BooleanParameter = None
    figure: FigureParameter = None
    open: BooleanParameter = None
    officer: TextParameter = None
    procedure: TextParameter = None
    field: TextParameter = None
    channel: TextParameter = None
    state: StateParameter = None
    class_: ClassParameter = Field(default=None, alias="class")
    lateness_min: MinutesParameter = None
    quality: QualityParameter = None
    doubtful: TrueParameter = None
    source: TextParameter = None
    responsible: TextParameter = None
    month: MonthParameter = None
    began_at: InstantParameter = None
    received_from: DayParameter = None
    received_to: DayParameter = None
    sort: SortParameter = None
    sums: TrueParameter = None
    cursor: CursorParameter = None

    def question(self, *, people: bool) -> AskedCases:
        """What is asked of the cases; `people`: also by the names of officers."""
        return AskedCases(
            limit=ROWS_MAX,
            cursor=self.cursor,
            sort=self.sort,
            as_of=self.as_of,
            text=None if self.text is None else self.text.strip(),
            people=people,
            unit=self.unit,
            overdue=self.overdue,
            from_=self.from_,
            to=self.to,
            figure=None if self.figure is None else Figure(self.figure),
            open=self.open,
            officer=self.officer,
            procedure=self.procedure,
            field=self.field,
            channel=self.channel,
            state=self.state,
            class_=self.class_,
            lateness_min=self.lateness_min,
            quality=self.quality,
            doubtful=self.doubtful,
            source=self.source,
            responsible=self.responsible,
            month=self.month,
            began_at=self.began_at,
            received_from=self.received_from,
            received_to=self.received_to,
            part=self.part,
        )
