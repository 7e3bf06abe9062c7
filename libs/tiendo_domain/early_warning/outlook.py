"""Whether an open case will be late: by the plan, and by the pace of the cases before it."""

from typing import Final

from msgspec import Struct

from tiendo_domain.early_warning.pace import Pace, PaceOver
from tiendo_domain.early_warning.stays import CaseInStep

LATE_SHARE: Final = 0.5
"""From this share of the cases before on a case is expected to be late."""


class PlanOutlook(Struct, frozen=True, kw_only=True):
    """What is still allotted: to the step the case is in, and usually to those after it."""

    left_in_step_minutes: int
    later_steps_minutes: int

    @property
    def minutes(self) -> int:
        """Both together."""
        return self.left_in_step_minutes + self.later_steps_minutes


class Outlook(Struct, frozen=True, kw_only=True):
    """What is to be expected of an open case that has `left_minutes` of working time to its judged due; None where nothing tells."""

    left_minutes: int
    plan: PlanOutlook | None
    pace: PaceOver | None

    @property
    def late_by_plan(self) -> bool:
        """Whether what is still allotted is more than what is left."""
        return self.plan is not None and self.plan.minutes > self.left_minutes

    @property
    def late_by_pace(self) -> bool:
        """Whether at least half of the cases before were late."""
        return self.pace is not None and self.pace.share >= LATE_SHARE

    @property
    def late(self) -> bool:
        """Whether the case is expected to be late: by its pace, and where too few cases tell of that, by the plan."""
        return self.late_by_pace if self.pace is not None else self.late_by_plan


def outlook(procedure: str | None, case: CaseInStep, left_minutes: int, pace: Pace) -> Outlook:
    """What is to be expected of the case at the pace of others."""
    over = pace.over(procedure, case, left_minutes)
    plan = None
    if case.left_in_step_minutes is not None:
        later = pace.allotted_after(procedure, case.step)
        plan = PlanOutlook(left_in_step_minutes=case.left_in_step_minutes, later_steps_minutes=later)
    return Outlook(left_minutes=left_minutes, plan=plan, pace=over)
