"""Which cases are open, and which count as overdue in lists, totals and the filter `overdue` (rule C).

Decided here alone; what SQL asks for the same is made of these values.
"""

from collections.abc import Mapping
from typing import Final

from tiendo_domain.timeline_types import CaseClass, CaseTimeline, State

OPEN_STATES: Final = frozenset(
    {State.IN_PROCESS, State.WAITING_APPLICANT, State.WAITING_PAYMENT, State.SUSPENDED, State.CONSULTING}
)
"""States of a case whose resolution clock was started and has not ended; one that was only submitted is not open."""

OVERDUE_CLASSES: Final = (CaseClass.ACTUAL, CaseClass.LATE_ENTRY, CaseClass.UNPROVEN)
"""Classes of finished cases that count as overdue: late, or recorded late. Pause-not-respected and late-sync never do."""

COUNT_OF_CLASS: Final[Mapping[CaseClass, str]] = {
    case_class: case_class.value.replace("-", "_") for case_class in CaseClass
}
"""Class -> the name under which totals count the cases of the class that were completed in a period."""


def by_rule(count: str) -> str:
    """The name under which totals count the same without any decision (rule E1)."""
    return f"{count}_by_rule"


def is_open(timeline: CaseTimeline) -> bool:
    """Whether the resolution clock was started and has not ended."""
    return timeline.finished_at is None and timeline.state in OPEN_STATES


def counts_as_overdue(timeline: CaseTimeline) -> bool:
    """Whether the case counts as overdue: by its class, or while it is open and late by rule D4."""
    return timeline.case_class in OVERDUE_CLASSES or (is_open(timeline) and timeline.overdue is True)


def resolved_overdue(counts: Mapping[str, int]) -> int:
    """How many of the cases completed in a period count as overdue, from the counts by class."""
    return sum(counts[COUNT_OF_CLASS[overdue]] for overdue in OVERDUE_CLASSES)


def resolved_overdue_by_rule(counts: Mapping[str, int]) -> int:
    """The same without any decision (rule E1)."""
    return sum(counts[by_rule(COUNT_OF_CLASS[overdue])] for overdue in OVERDUE_CLASSES)
