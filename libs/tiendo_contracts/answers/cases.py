"""Cases in lists, and one case without its holds."""

from pydantic import Field

from tiendo_contracts.answers.common import (
    Answer,
    ClassName,
    Holder,
    InstantText,
    Marked,
    Minutes,
    Named,
    Position,
    StateName,
)


class CaseAnswer(Answer):
    """One case as at `as_of`, with the default basis and policy; its timeline has the holds and shares."""

    case_id: str
    source: str
    simulated: bool
    unit: Named | None = Field(description="the responsible unit")
    procedure: Named | None
    field: Named | None
    channel: str | None
    state: StateName
    class_: ClassName | None = Field(alias="class")
    overdue: bool | None = Field(description="finished, or still open, after the judged due (rule D4)")
    counts_as_overdue: bool = Field(
        description="as lists, totals and the filter `overdue` count it (rule C): class actual, late-entry or unproven, or open and `overdue`"
    )
    provisional: bool
    accepted: bool | None
    submitted_at: InstantText | None
    received_at: InstantText | None
    due_at: InstantText | None
    due_recomputed_at: InstantText | None
    judged_due_at: InstantText | None
    completed_at: InstantText | None
    finished_at: InstantText | None
    delivered_at: InstantText | None
    lateness_minutes: Minutes | None
    system_lateness_minutes: Minutes | None
    late_entry_minutes: Minutes
    holder: Holder | None = Field(description="who has an open case now")
    policy: str
    calendar_version: str
    event_count: int = Field(ge=0)
    last_position: Position
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
