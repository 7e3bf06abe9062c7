"""Why cases waited with officers: beside the share, never subtracted from it (docs/waiting.md)."""

from typing import Final, Literal

from pydantic import Field

from tiendo_contracts.answers.common import (
    Answer,
    Holder,
    InstantText,
    Marked,
    Minutes,
    ShownName,
)
from tiendo_contracts.answers.officers import OfficerName
from tiendo_domain.waiting import WaitingCauses

METHOD: Final = "waiting/1"


class Cause(Answer):
    """The minutes of one cause, and how many holds of other cases it is about."""

    minutes: Minutes
    holds: int = Field(ge=0, description="holds of whatever cases, also of those that the caller does not see")


class CausesAnswer(Answer):
    """A hold's working minutes: `handling_minutes` and `waiting_minutes` are all of them; the five causes are all of `waiting_minutes`."""

    handling_minutes: Minutes = Field(description="in which it may have been worked on; estimated")
    waiting_minutes: Minutes
    contention: Cause = Field(description="while the officer was on cases that had come before")
    prioritisation: Cause = Field(description="while the officer was on cases that came later")
    batching: Cause = Field(description="until others came with which it was finished in one minute")
    absence_minutes: Minutes = Field(description="while the officer was away (rule H10)")
    unknown_minutes: Minutes = Field(description="nothing says what for")


class WaitingHold(Answer):
    """One hold of a case, as in its timeline, and why it waited."""

    party: Holder
    step: ShownName
    started_at: InstantText
    ended_at: InstantText | None = Field(description="null for the last hold of an open case")
    working_minutes: Minutes
    inferred: bool = Field(description="its beginning is derived, not stated by a handover (rule H12)")
    absent: bool
    causes: CausesAnswer | None = Field(
        description="null where no officer held it whom the caller may know, or one who ended too many holds meanwhile"
    )


class WaitingOfOfficer(Answer):
    """One officer's holds of the case together, beside the officer's share."""

    party: Holder
    attributed_minutes: Minutes = Field(description="the share of the lateness, after decisions")
    attributed_by_rule_minutes: Minutes = Field(description="the same without any decision")
    causes: CausesAnswer
    sentence: str = Field(description="the same in a sentence, in English or Vietnamese, by Accept-Language")


class CaseWaitingAnswer(Marked):
    """Why one case waited with the officers who held it, as at `as_of`; it changes no share."""

    case_id: str
    method: Literal["waiting/1"]
    as_of: InstantText
    calendar_version: str
    holds: list[WaitingHold]
    officers: list[WaitingOfOfficer]


class OfficerWaitingHold(WaitingHold):
    """One hold of the officer that overlaps the period."""

    case_id: str


class OfficerWaitingAnswer(Marked):
    """Why cases waited with one officer: the totals over all holds that overlap the period, and these page by page."""

    officer: OfficerName
    method: Literal["waiting/1"]
    from_: InstantText | None = Field(alias="from", description="null: from the first event on")
    to: InstantText
    as_of: InstantText
    totals: CausesAnswer = Field(description="whole holds, also where a part of them lies outside of the period")
    holds: list[OfficerWaitingHold]
    next: str | None


def causes_answer(causes: WaitingCauses) -> CausesAnswer:
    """The causes as answers have them."""
    return CausesAnswer(
        handling_minutes=causes.handling_minutes,
        waiting_minutes=causes.waiting_minutes,
        contention=Cause(minutes=causes.contention_minutes, holds=causes.contention_holds),
        prioritisation=Cause(minutes=causes.prioritisation_minutes, holds=causes.prioritisation_holds),
        batching=Cause(minutes=causes.batching_minutes, holds=causes.batching_holds),
        absence_minutes=causes.absence_minutes,
        unknown_minutes=causes.unknown_minutes,
    )
