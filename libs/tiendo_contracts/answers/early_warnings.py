"""Open cases that are due soon or will be late at today's pace (docs/warnings.md)."""

from enum import StrEnum
from typing import Final, Literal

from pydantic import Field

from tiendo_contracts.answers.common import Answer, Count, Holder, InstantText, Marked, Minutes, Named, ShownName
from tiendo_domain.early_warning import Likeness

METHOD: Final = "early-warning/1"


class WarningReason(StrEnum):
    """Why there is a warning of a case."""

    APOLOGY_TODAY = "apology-today"
    LATE_BY_PACE = "late-by-pace"
    LATE_BY_PLAN = "late-by-plan"
    DUE_WITHIN_24_HOURS = "due-within-24-hours"
    DUE_WITHIN_3_DAYS = "due-within-3-days"


class ReasonAnswer(Answer):
    """One reason, as a code and in words."""

    kind: WarningReason
    message: str = Field(description="in English or Vietnamese, by Accept-Language")


class PlanAnswer(Answer):
    """What is still allotted to the case."""

    left_in_step_minutes: Minutes = Field(description="to the step it is in")
    later_steps_minutes: Minutes = Field(description="to the steps after it, by the median of the cases before")


class PaceAnswer(Answer):
    """What became of the cases before that were like it with as much time left."""

    cases: Count
    late: Count
    likeness: Likeness = Field(description="in what they were like it")


class WarningAnswer(Answer):
    """An open case in time that is due soon or expected to be late."""

    case_id: str
    procedure: ShownName
    unit: Named | None = Field(description="responsible")
    step: ShownName
    holder: Holder = Field(description="now; of others than the caller's people kind and unit alone")
    judged_due_at: InstantText
    left_minutes: Minutes = Field(description="working minutes until then")
    late_expected: bool = Field(
        description="by the pace of the cases before; by the plan where too few of them tell of it"
    )
    plan: PlanAnswer | None = Field(description="null where the step has no allotment")
    pace: PaceAnswer | None = Field(description="null where fewer than 10 cases before were like it")
    apology_by: InstantText = Field(description="the last working instant at least 24 hours before the due (form 04)")
    reasons: list[ReasonAnswer]


class WarningsAnswer(Marked):
    """A page of warnings, soonest due first."""

    method: Literal["early-warning/1"]
    as_of: InstantText
    total: Count = Field(description="on all pages")
    items: list[WarningAnswer]
    next: str | None
