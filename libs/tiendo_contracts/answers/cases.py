"""Cases in lists, and one case without its holds."""

from pydantic import Field

from tiendo_contracts.answers.common import (
    Answer,
    Holder,
    InstantText,
    Marked,
    Minutes,
    Position,
    ShownName,
)
from tiendo_domain.timeline_types import CaseClass, Policy, State


class CaseMembers(Answer):
    """What a case's timeline and its entry in lists both say, by the names of the domain's timeline."""

    case_id: str
    aliases: list[str] = Field(description="the other codes of the case, by which it is found too (rule N4)")
    source: str
    unit: ShownName = Field(description="the responsible unit")
    procedure: ShownName
    field: ShownName
    channel: str | None
    state: State
    case_class: CaseClass | None = Field(alias="class", description="after decisions")
    class_by_rule: CaseClass | None = Field(description="the class without any decision")
    overdue: bool | None = Field(
        description="finished, or still open, after the judged due (rule D4); false after a decision late-sync (rule E3)"
    )
    overdue_by_rule: bool | None = Field(description="the same without any decision")
    provisional: bool = Field(description="the case is open: what is said of it holds as of `as_of`")
    accepted: bool | None = Field(description="of a late entry: whether a named person has accepted it; else null")
    submitted_at: InstantText | None
    received_at: InstantText | None
    due_at: InstantText | None
    due_recomputed_at: InstantText | None
    judged_due_at: InstantText | None
    completed_at: InstantText | None
    finished_at: InstantText | None = Field(description="completed, declined or withdrawn")
    finish_recorded_at: InstantText | None = Field(
        description="when the source recorded that finish: decides the period to which the case belongs (rule C, indicators)"
    )
    delivered_at: InstantText | None
    lateness_minutes: Minutes | None = Field(description="after decisions")
    lateness_by_rule_minutes: Minutes | None = Field(description="the lateness without any decision (rule E1)")
    system_lateness_minutes: Minutes | None = Field(description="the lateness that basis recorded gives")
    late_entry_minutes: Minutes
    late_entry_by_rule_minutes: Minutes = Field(description="the late-entry minutes without any decision")
    policy: Policy = Field(description="the policy that was used (rule A4)")
    calendar_version: str = Field(examples=["vn/1"])
    event_count: int = Field(ge=0)
    last_position: Position


class CaseAnswer(CaseMembers):
    """One case as at `as_of`, with the default basis and policy; its timeline has the holds and shares."""

    simulated: bool
    counts_as_overdue: bool = Field(
        description="as lists, totals and the filter `overdue` count it (rule C): class actual, late-entry or unproven, or open and `overdue`"
    )
    counts_as_overdue_by_rule: bool = Field(description="the same without any decision")
    holder: Holder | None = Field(description="who has an open case now")
    anomalies: list[str] = Field(description="kinds, as the timeline orders them", examples=[["unknown-holder"]])


class CasePage(Marked):
    """A page of cases."""

    as_of: InstantText
    items: list[CaseAnswer]
    next: str | None = Field(description="cursor of the next page; null on the last")


class CaseDetail(CaseAnswer):
    """One case, and the instant that it is shown at."""

    as_of: InstantText
    notice: str | None = Field(description="the words that mark simulated figures; null where nothing is simulated")
