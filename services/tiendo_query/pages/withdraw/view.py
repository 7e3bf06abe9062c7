"""What is taken back."""

from collections.abc import Mapping
from dataclasses import dataclass

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal
from tiendo_domain.facts import EventKey
from tiendo_query.desk.said_of_one import SaidOfOne
from tiendo_query.pages.explained import ToldExplanation, told_explanations


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawView:
    """The explanation, and the fields that are sent."""

    case_id: str
    told: ToldExplanation
    fields: Mapping[str, str]


def withdraw_view(said: SaidOfOne, key: EventKey, fields: Mapping[str, str]) -> WithdrawView:
    """The page; raises the refusal of an explanation that is not the officer's, or on which something was done already."""
    told = next((one for one in told_explanations(said) if (one.source, one.id) == (key.source, key.id)), None)
    if told is None or not told.pending:
        raise Refusal(ProblemKind.NOT_FOUND)
    return WithdrawView(case_id=said.timeline.case_id, told=told, fields=fields)
