"""What the list of explanations that wait for a decision shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiendo_contracts.answers.explanations import ListedExplanationAnswer
from tiendo_contracts.explanation.decided import REASON_WORDS
from tiendo_contracts.problems.problem_kinds import Words
from tiendo_domain.timeline_types import Party
from tiendo_query.pages.decide.view import OBJECTIONS
from tiendo_query.pages.showing import Said, party_detail, party_label


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingRow:
    """An explanation that waits, whose it is, and why whoever looks may not decide on it; None: they may."""

    listed: ListedExplanationAnswer
    who: Said
    detail: Said
    reason: Words
    objection: Words | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingView:
    """A page of the list, the oldest first."""

    rows: Sequence[PendingRow]
    next: str | None


def pending_row(listed: ListedExplanationAnswer, party: Party) -> PendingRow:
    """The row of one explanation of the party."""
    may_not = listed.may_not_decide
    return PendingRow(
        listed=listed,
        who=party_label(names=True)(party),
        detail=party_detail(names=True)(party),
        reason=REASON_WORDS[listed.reason],
        objection=None if may_not is None else OBJECTIONS[may_not],
    )
