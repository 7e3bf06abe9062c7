"""The way of a list from draft to publication: which step may follow which (CONTRACT, publications)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class StepKind(StrEnum):
    """What was done to a list; the last but one part of its fact's type."""

    DRAFTED = "drafted"
    OPENED = "opened"
    APPROVED = "approved"
    PUBLISHED = "published"
    CORRECTED = "corrected"
    WITHDRAWN = "withdrawn"


class ListState(StrEnum):
    """Where a list stands."""

    DRAFT = "draft"
    OPEN = "open"
    APPROVED = "approved"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


STATE_AFTER: Final[Mapping[StepKind, ListState]] = {
    StepKind.DRAFTED: ListState.DRAFT,
    StepKind.OPENED: ListState.OPEN,
    StepKind.APPROVED: ListState.APPROVED,
    StepKind.PUBLISHED: ListState.PUBLISHED,
    StepKind.CORRECTED: ListState.PUBLISHED,
    StepKind.WITHDRAWN: ListState.WITHDRAWN,
}
"""The state in which a step leaves the list."""

_BEFORE: Final[Mapping[StepKind, frozenset[ListState]]] = {
    StepKind.DRAFTED: frozenset(),
    StepKind.OPENED: frozenset({ListState.DRAFT}),
    StepKind.APPROVED: frozenset({ListState.OPEN}),
    StepKind.PUBLISHED: frozenset({ListState.APPROVED}),
    StepKind.CORRECTED: frozenset({ListState.PUBLISHED}),
    StepKind.WITHDRAWN: frozenset(ListState) - {ListState.WITHDRAWN},
}


def may_follow(step: StepKind, state: ListState) -> bool:
    """Whether a list in the state may take the step."""
    return state in _BEFORE[step]


def states_before(step: StepKind) -> tuple[ListState, ...]:
    """The states from which the step leads on, in their order."""
    return tuple(state for state in ListState if state in _BEFORE[step])


def next_steps(state: ListState) -> tuple[StepKind, ...]:
    """The steps that a list in the state may take."""
    return tuple(step for step in StepKind if may_follow(step, state))
