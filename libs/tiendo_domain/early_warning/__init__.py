"""Which open cases will be late at today's pace, told from the plan and from the cases finished before (docs/warnings.md)."""

from tiendo_domain.early_warning.apology import apology_by
from tiendo_domain.early_warning.outlook import LATE_SHARE, Outlook, PlanOutlook, outlook
from tiendo_domain.early_warning.pace import SAMPLE_MIN, FinishedCase, Likeness, Pace, PaceOver
from tiendo_domain.early_warning.stays import CaseInStep, StepHold, StepStay, finished_stays, open_case, step_holds

__all__ = [
    "LATE_SHARE",
    "SAMPLE_MIN",
    "CaseInStep",
    "FinishedCase",
    "Likeness",
    "Outlook",
    "Pace",
    "PaceOver",
    "PlanOutlook",
    "StepHold",
    "StepStay",
    "apology_by",
    "finished_stays",
    "open_case",
    "outlook",
    "step_holds",
]
