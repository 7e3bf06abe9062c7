"""Messages that carry the whole state of a case: its timeline, or the shares of its lateness. The one of the highest version counts.

They show the case as folded at the latest instant of its events (`time` of the message): nothing in them depends on when they were sent.
The members are those of the query API's answers, where they are explained.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from tiendo_contracts.messages.places import Digits, Version

_InstantText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
_Minutes = Annotated[int, Field(ge=0, description="whole working minutes")]


class _Read(BaseModel):
    """Members unknown to this version are passed over: later versions may add some, never change these."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class NamedThing(_Read):
    """Something by id and name; either may be missing in what was sent."""

    id: str | None
    name: str | None


class PartyOfCase(_Read):
    """Who holds a case or bears a share: `officer`, `unit`, `applicant`, `consulted-unit`, `suspension`, `unknown` or `organisation`.

    `withheld`: the reader of this topic may not see who it is; then all but the kind is null.
    """

    kind: str
    id: str | None
    name: str | None
    position: str | None
    unit: NamedThing | None
    withheld: bool = False


class HoldOfCase(_Read):
    """One stretch of the case with one holder, [started_at, ended_at); `ended_at` is null for the last hold of an open case."""

    party: PartyOfCase
    step: NamedThing | None
    started_at: _InstantText
    ended_at: _InstantText | None
    working_minutes: _Minutes
    allotted_minutes: _Minutes | None
    overrun_minutes: _Minutes | None
    lateness_in_minutes: int | None
    lateness_out_minutes: int | None
    paused: bool
    inferred: bool
    event_ids: list[str]


class ShareOfLateness(_Read):
    """One party's share of the lateness, by a rule, on the strength of events."""

    party: PartyOfCase
    minutes: _Minutes
    rule: str
    event_ids: list[str]


class AnomalyOfCase(_Read):
    """Something in the facts that does not fit."""

    kind: str
    event_ids: list[str]


class CaseState(_Read):
    """What both states say of the case as a whole. Of a case that could not be folded `fault` is true, and nothing may be said of anyone."""

    case_id: str
    fault: bool = Field(default=False, description="the case could not be folded; every figure of it is withdrawn")
    simulated: bool = Field(default=False, description="rests on simulated events: „Dữ liệu mô phỏng“")
    source: str | None = None
    unit: NamedThing | None = None
    procedure: NamedThing | None = None
    field: NamedThing | None = None
    channel: str | None = None
    state: str | None = None
    case_class: str | None = Field(default=None, alias="class")
    overdue: bool | None = None
    provisional: bool = Field(default=True, description="the case is open: what is said holds as of `as_of`")
    accepted: bool | None = None
    submitted_at: _InstantText | None = None
    received_at: _InstantText | None = None
    due_at: _InstantText | None = None
    due_recomputed_at: _InstantText | None = None
    judged_due_at: _InstantText | None = None
    completed_at: _InstantText | None = None
    finished_at: _InstantText | None = None
    delivered_at: _InstantText | None = None
    lateness_minutes: _Minutes | None = None
    system_lateness_minutes: _Minutes | None = None
    late_entry_minutes: _Minutes = 0
    late_entry_party: PartyOfCase | None = None
    policy: str | None = None
    as_of: _InstantText | None = Field(default=None, description="the latest instant of the case's events")
    calendar_version: str | None = None
    event_count: int = Field(default=0, ge=0)
    last_position: int = Field(default=0, ge=0)


class CaseTimelineState(CaseState):
    """The timeline of a case: holds that partition [received, finish or as_of), shares, anomalies."""

    holds: list[HoldOfCase] = []
    attributions: list[ShareOfLateness] = []
    anomalies: list[AnomalyOfCase] = []


class DelayAttributionsState(CaseState):
    """All shares of a case's lateness: they sum to `lateness_minutes`; none where nothing is late, or nothing is known.

    On an agency's topic `outside` says that the case is no concern of the agency any more: what it was told before is withdrawn.
    """

    outside: bool = False
    attributions: list[ShareOfLateness] = []


class StateMessage(_Read):
    """A state of a case and its version, as a CloudEvent. A stub has no `data` but `dataref`, as with events."""

    specversion: Literal["1.0"]
    id: str
    source: str = Field(description="the log: `/tiendo/logs/` and its name")
    type: str
    subject: str = Field(description="the case")
    time: _InstantText | None = Field(
        default=None, description="the latest instant of the case's events; absent where they cannot be read"
    )
    datacontenttype: Literal["application/json"]
    logid: UUID
    build: Digits
    position: Digits
    revision: Digits
    dataref: str | None = None

    @property
    def version(self) -> Version:
        """What to compare with the version held of the case, of the same log."""
        return Version(build=self.build, position=self.position, revision=self.revision)

    @property
    def is_stub(self) -> bool:
        """Whether the state itself has to be fetched."""
        return self.dataref is not None


class CaseTimelineMessage(StateMessage):
    """The timeline of a case."""

    type: Literal["vn.tiendo.case-timeline.v1"]
    data: CaseTimelineState | None = None


class DelayAttributionsMessage(StateMessage):
    """All shares of the lateness of a case."""

    type: Literal["vn.tiendo.delay-attributions.v1"]
    data: DelayAttributionsState | None = None
