"""Difficulties („khó khăn, vướng mắc“), as they are reported upward."""

from pydantic import Field

from tiendo_contracts.answers.common import Answer, Count, InstantText, Marked, Minutes, Named
from tiendo_domain.explanations import Difficulty as DifficultyReason


class GivenDifficulty(Answer):
    """A reason that is given for delay, in the cases of a month, unit, procedure and step."""

    simulated: bool
    month: str = Field(description="in which the cases were finished, by the finish as recorded", examples=["2022-08"])
    reason: DifficultyReason = Field(description="rule E6")
    unit: Named | None = Field(description="of who explains")
    procedure: Named | None
    step: Named | None = Field(
        description="in which whoever explains overran most, else held the case longest; null: in none that has an id"
    )
    explanations: int = Field(ge=0, description="that stand and are not withdrawn")
    accepted: int = Field(ge=0, description="of these")
    refused: int = Field(ge=0, description="of these")
    pending: int = Field(ge=0, description="of these")
    by_rule_minutes: Minutes = Field(
        description="what whoever explains bears by rule, of the lateness and of late entries"
    )
    minutes: Minutes = Field(description="the same after decisions")
    href: str = Field(description="the list of the cases behind it")


class MissedNorm(Answer):
    """A step that was held beyond its norm in cases of whose lateness a part is nobody's (rule A3): the finding that is nobody's fault."""

    procedure: Named | None
    step: Named
    cases: Count = Field(description="that were in the step")
    allotted_cases: Count = Field(description="of these, in which the step has a norm")
    met_cases: Count = Field(description="of these, in which nobody overran it")
    organisation_cases: Count = Field(description="in which the step overran and the organisation bears a part")
    organisation_minutes: Minutes = Field(
        description="that part, by rule; it counts whole for each step that overran, and is never added over steps"
    )
    href: str = Field(description="the list of the cases in which the step overran and the organisation bears a part")


class DifficultyPage(Marked):
    """A page of difficulties by month, unit, procedure, step and reason; with the first one the norms that are missed."""

    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    unit: str | None = Field(description="the unit to whose subtree they are restricted; null: everything")
    items: list[GivenDifficulty]
    missed_norms: list[MissedNorm] = Field(
        description="most minutes of the organisation first; on the first page alone"
    )
    next: str | None
