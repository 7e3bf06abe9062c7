"""The timeline of one case as the outside sees it."""

from typing import Literal

from pydantic import ConfigDict, Field

from tiendo_contracts.answers.common import (
    Answer,
    Bearer,
    ClassName,
    Holder,
    InstantText,
    Marked,
    Minutes,
    Named,
    Position,
    StateName,
)
from tiendo_contracts.answers.examples import TIMELINE

BasisName = Literal["occurred", "recorded"]
PolicyName = Literal["step-norm/1", "after-due/1"]
MarkName = Literal["history", "sender-repair", "matched-by-directory", "status-unmapped"]


class ClockAnswer(Answer):
    """One clock of a case (rule C)."""

    started_at: InstantText
    due_at: InstantText | None
    ended_at: InstantText | None = Field(description="null while the clock runs")
    working_minutes: Minutes
    lateness_minutes: Minutes | None = Field(description="null without a due")


class ClocksAnswer(Answer):
    """The three clocks of a case; null where one never started. Only the resolution clock makes lateness, class and shares."""

    acceptance: ClockAnswer | None
    resolution: ClockAnswer | None
    pick_up: ClockAnswer | None


class HoldAnswer(Answer):
    """One stretch of the case with one holder, [started_at, ended_at) (rules H1 to H9, A2, A6)."""

    party: Holder
    step: Named | None
    started_at: InstantText
    ended_at: InstantText | None = Field(description="null for the last hold of an open case")
    working_minutes: Minutes
    allotted_minutes: Minutes | None
    overrun_minutes: Minutes | None
    lateness_in_minutes: int | None = Field(description="negative: time in hand")
    lateness_out_minutes: int | None = Field(description="negative: time in hand")
    paused: bool = Field(description="whether the clock stands during the hold")
    inferred: bool = Field(
        description="a part of it is derived from who worked until when, not stated by a handover (rule H12)"
    )
    absent: bool = Field(description="the unit holds it in place of an officer who was away (rule H10)")
    marks: list[MarkName] = Field(description="what translators said of the hold's events, beside what the source said")
    event_ids: list[str] = Field(description="the events that began and ended the hold")


class AttributionAnswer(Answer):
    """One party's share of the lateness (rules A3 to A5)."""

    party: Bearer
    minutes: Minutes
    rule: str = Field(description="the policy with its rule numbers")
    event_ids: list[str]


class AnomalyAnswer(Answer):
    """Something in the facts that does not fit (rule C)."""

    kind: str = Field(examples=["unknown-holder"])
    event_ids: list[str]
    message: str = Field(description="in English or Vietnamese, by Accept-Language")


class TimelineAnswer(Marked):
    """Who held a case for how long, against which due, and whose share of its lateness is whose."""

    model_config = ConfigDict(json_schema_extra={"examples": [TIMELINE]})

    case_id: str
    source: str
    unit: Named | None = Field(description="the responsible unit")
    procedure: Named | None
    field: Named | None
    channel: str | None
    state: StateName
    class_: ClassName | None = Field(alias="class")
    overdue: bool | None
    provisional: bool = Field(description="the case is open: what is said of it holds as of `as_of`")
    accepted: bool | None = Field(description="false while a late entry awaits a named person's decision")
    submitted_at: InstantText | None
    received_at: InstantText | None
    due_at: InstantText | None
    due_recomputed_at: InstantText | None
    judged_due_at: InstantText | None
    completed_at: InstantText | None
    finished_at: InstantText | None = Field(description="completed, declined or withdrawn")
    delivered_at: InstantText | None
    lateness_minutes: Minutes | None
    system_lateness_minutes: Minutes | None = Field(description="the lateness that basis recorded gives")
    late_entry_minutes: Minutes
    late_entry_party: Holder | None = Field(
        description="who held the case at its finish and bears the late-entry minutes"
    )
    policy: PolicyName = Field(description="the policy that was used (rule A4)")
    basis: BasisName
    as_of: InstantText
    known_at: InstantText | None = Field(description="as asked for; null: everything that the log holds")
    calendar_version: str = Field(examples=["vn/1"])
    event_count: int = Field(ge=0)
    last_position: Position
    clocks: ClocksAnswer
    holds: list[HoldAnswer]
    attributions: list[AttributionAnswer]
    anomalies: list[AnomalyAnswer]
