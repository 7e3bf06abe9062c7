"""What figures are made of: by cause, step, day and way between units."""

from datetime import date

from pydantic import Field

from tiendo_contracts.answers.common import Answer, Count, InstantText, Marked, Minutes, Named
from tiendo_contracts.answers.reports import Figures
from tiendo_domain.lateness_causes import LatenessCause

Href = str


class CauseOfLateness(Answer):
    """Minutes of one cause, of the cases finished in the period; causes have no minute in common."""

    cause: LatenessCause
    title: str
    cases: Count = Field(description="that have minutes of it after decisions")
    minutes: Minutes = Field(description="after decisions")
    by_rule_minutes: Minutes = Field(description="the same without any decision (rule E1)")
    href: Href = Field(description="the list of exactly these cases")


class LostStep(Answer):
    """A step of a procedure: the time that cases finished in the period were in it while the clock ran (rules A1, A2)."""

    procedure: Named
    step: Named | None = Field(description="null: holds that name no step")
    cases: Count
    minutes: Minutes
    allotted_cases: Count = Field(description="of the cases those in which the step is allotted minutes")
    overran_cases: Count
    overrun_minutes: Minutes
    href: Href
    overran_href: Href


class CourseStretch(Answer):
    """Some days of the period, both inclusive."""

    first: date
    last: date
    received: Count
    resolved: Count = Field(description="by the finish as recorded")
    overdue: Count = Field(description="of the resolved")
    classes: dict[str, int] = Field(description="class -> resolved cases of it")
    received_href: Href
    resolved_href: Href
    overdue_href: Href


class HourOfTheWeek(Answer):
    """An ISO weekday (1 Monday) and a local hour at which finishes of resolved cases were recorded."""

    weekday: int = Field(ge=1, le=7)
    hour: int = Field(ge=0, le=23)
    resolved: Count
    overdue: Count
    href: Href


class _OfPeriod(Marked):
    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    unit: str | None = Field(description="the responsible units are this one and those below it; null: all")


class Breakdown(_OfPeriod):
    """What the figures of a period are made of."""

    lateness_minutes: Minutes = Field(description="after decisions; the sum of the first seven causes")
    lateness_by_rule_minutes: Minutes = Field(description="the same without any decision (rule E1)")
    all_minutes: Minutes = Field(description="the sum of all causes: what was only recorded late too")
    causes: list[CauseOfLateness]
    steps: list[LostStep] = Field(description="most overrun minutes first, at most 100")
    course: list[CourseStretch] = Field(description="by days; of longer periods by weeks, months or years")
    hours: list[HourOfTheWeek]


class StepQuartiles(Answer):
    """Working minutes of a case in a step: a quarter, a half, three quarters of the cases have at most so many."""

    first: Minutes
    median: Minutes
    third: Minutes
    most: Minutes


class ProcedureStep(Answer):
    """Where time goes in a procedure, over the cases finished in the period."""

    step: Named | None = Field(description="null: holds that name no step")
    cases: Count
    minutes: Minutes
    quartiles: StepQuartiles
    allotted_minutes: Minutes | None = Field(description="the allotment that most of the cases had; null: none")
    overran_cases: Count
    overrun_minutes: Minutes
    href: Href
    overran_href: Href


class ProcedureFigures(Figures):
    """The figures of one procedure."""

    id: str | None = Field(description="null: cases that name no procedure by id")
    name: str | None


class ProcedureList(_OfPeriod):
    """All procedures that the cases of the period name, by id; few hundreds in a province."""

    items: list[ProcedureFigures]
    next: str | None


class ProcedureAnswer(ProcedureFigures, _OfPeriod):
    """One procedure: its figures, who bears its lateness by kind, and where its time goes."""

    norm_minutes: Minutes | None = Field(description="configured for it at the end of the period; null: nothing")
    causes: list[CauseOfLateness]
    steps: list[ProcedureStep]


class FlowPlace(Answer):
    """A place of the flow: a unit with those below it, or no unit: `(applicant)`, `(suspension)`, `(unnamed)`."""

    place: str
    name: str | None
    cases: Count
    holds: Count
    added_minutes: Minutes = Field(
        description="of the holds that left with more lateness than they came with (rule A6)"
    )
    won_back_minutes: Minutes = Field(description="of the holds that left with less")


class FlowHandover(Answer):
    """What went from one place to another in the cases finished in the period."""

    giver: str
    receiver: str
    cases: Count
    handovers: Count
    late_handovers: Count = Field(description="with lateness: a lag against the plan (rule A6), no share of anybody's")
    inherited_minutes: Minutes = Field(description="that came with the late ones")
    href: Href
    late_href: Href


class FlowAnswer(_OfPeriod):
    """The flow of cases between units."""

    whole: bool = Field(description="whether the unit with all below it is one place")
    places: list[FlowPlace]
    handovers: list[FlowHandover] = Field(description="most inherited minutes first, at most 500")
