"""Messages that carry the whole state of a case: its timeline, or the shares of its lateness. The one of the highest version counts.

They show the case as folded at the latest instant of its events (`time` of the message), on basis `occurred` and with the default policy:
nothing in them depends on when they were sent. What an open case shows at a later instant is had from the query API.
The members are those of the query API's answers. Every member of `data` is always there, null where nothing is known.
"""

from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from tiendo_contracts.messages.events import InstantText
from tiendo_contracts.messages.places import Digits, LogName, Version
from tiendo_domain.timeline_types import CaseClass, PartyKind, Policy, State

CONTRACT_VERSION: Final = "1.4.0"
"""Of all messages: the second number rises when a member or a type is added; the first would mean new topics."""

ADDED: Final = "x-added"
"""Marks, in `json_schema_extra`, a member of a state that the first version did not have; says since when."""

Minutes = Annotated[int, Field(ge=0)]

_SHOWN_INSTANT = "RFC 3339 with an offset"
_OPEN_LIST = "Others may come: take one that you do not know as unknown"
_EVENT_IDS = "`id`s of events of the case, `source#id` where two sources share an id"


def _names(values: type[StrEnum]) -> list[Any]:
    return [value.value for value in values]


class _Read(BaseModel):
    """Members unknown to this version are passed over: later versions may add some, never change these."""

    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)


class NamedThing(_Read):
    """Something by id and name; either may be missing in what was sent."""

    id: str | None = Field(description="as sent; null: not sent")
    name: str | None = Field(description="as sent; null: not sent")


class PartyOfCase(_Read):
    """Who holds a case or bears a share of its lateness. A person is never guessed: who is not known is of kind `unknown`."""

    key: str | None = Field(
        default=None,
        description="tells parties apart (rules H3, H11): equal keys, one party, within a case and across cases of a log. Null where the party is withheld",
        examples=['["officer", "CC-0001"]'],
    )
    kind: str = Field(
        description=f"rules H2 to H4 and A3. {_OPEN_LIST}",
        examples=_names(PartyKind),
    )
    id: str | None = Field(
        description="of an officer, or of a unit where the kind is `unit` or `consulted-unit`; else, and where not sent, null"
    )
    name: str | None = Field(description="full name of the officer, or name of the unit; null as `id`")
    position: str | None = Field(description="of an officer at that time (chức vụ), as sent; else null")
    unit: NamedThing | None = Field(
        description="the officer's unit at that time; of a unit itself the same again; of `unknown` the unit that was sent; else null"
    )
    withheld: bool = Field(
        default=False, description="the reader of this topic may not see who it is: all but `kind` is null"
    )


class HoldOfCase(_Read):
    """One stretch of the case with one holder, [started_at, ended_at): the end is the next hold's beginning (rules H1 to H9, A2, A6)."""

    party: PartyOfCase
    step: NamedThing | None = Field(description="of the internal process; null where none was stated")
    started_at: InstantText = Field(description=f"{_SHOWN_INSTANT}; included")
    ended_at: InstantText | None = Field(
        description=f"{_SHOWN_INSTANT}; excluded; null for the last hold of an open case"
    )
    working_minutes: Minutes = Field(description="whole working minutes, of an open hold up to the case's `as_of`")
    allotted_minutes: Minutes | None = Field(description="working minutes that the step has; null: none stated")
    overrun_minutes: Minutes | None = Field(
        description="working minutes beyond the allotment (rule A2); null: not to be told"
    )
    lateness_in_minutes: int | None = Field(
        description="lateness handed over at `started_at`, working minutes; negative: time in hand; null: not to be told"
    )
    lateness_out_minutes: int | None = Field(
        description="lateness handed on at `ended_at`, working minutes; negative: time in hand; null: not to be told"
    )
    paused: bool = Field(description="the clock stands during the hold")
    inferred: bool = Field(
        description="a part of it is derived from who worked until when, not stated by a handover (rule H12)"
    )
    absent: bool = Field(description="the unit holds it in place of an officer who was away (rule H10)")
    marks: list[str] = Field(
        description="what translators said of the hold's events, beside what the source said", examples=[["history"]]
    )
    event_ids: list[str] = Field(description=f"the events that began and ended the hold: {_EVENT_IDS}")


class ShareOfLateness(_Read):
    """One party's share of the lateness, by a rule, on the strength of events (rules A3 to A5)."""

    party: PartyOfCase
    minutes: Minutes = Field(description="whole working minutes")
    rule: str = Field(
        description="the policy with its rule numbers in the rule book", examples=["step-norm/1 (A1, A2, A3)"]
    )
    received_by_decision_minutes: Minutes = Field(
        default=0,
        description="of these, moved here by decisions (rule E4)",
        json_schema_extra={ADDED: "1.3.0"},
    )
    event_ids: list[str] = Field(
        description=f"what the share rests on: {_EVENT_IDS}; empty where the party is withheld"
    )


class LateEntryOfCase(_Read):
    """One party's part of the working minutes by which a finish in time was entered late (rules C, E2); in no share of the lateness."""

    party: PartyOfCase
    minutes: Minutes = Field(description="whole working minutes, after decisions")
    received_by_decision_minutes: Minutes = Field(description="of these, moved here by decisions (rule E4)")


class AnomalyOfCase(_Read):
    """Something in the facts that does not fit (rule C)."""

    kind: str = Field(description=f"as in the rule book. {_OPEN_LIST}", examples=["silent-tail", "unknown-holder"])
    event_ids: list[str] = Field(description=_EVENT_IDS)


class CaseState(_Read):
    """What both states say of the case as a whole. Nothing is said of a case that could not be folded (`fault`), nor of one that is `outside`."""

    case_id: str = Field(
        description="the case; equal to `subject` and to the record's key", examples=["000.00.20.H34-220815-0001"]
    )
    aliases: list[str] = Field(
        default=[],
        description="the other codes of the case (rule N4): what was told under them before is told here",
        json_schema_extra={ADDED: "1.2.0"},
    )
    joined_to: str | None = Field(
        default=None,
        description="this code is another one of the case of that code, under which everything is told of it: forget what was told under this one",
        json_schema_extra={ADDED: "1.2.0"},
    )
    fault: bool = Field(
        default=False,
        description="the case could not be folded: every figure told of it before is withdrawn, and nothing is said of it",
    )
    simulated: bool = Field(
        default=False,
        description="rests on simulated events: wherever figures of it are shown, show „Dữ liệu mô phỏng“ beside them",
    )
    source: str | None = Field(
        default=None,
        description="of the case's first event; null: nothing is said of the case",
        examples=["/kontum/igate"],
    )
    unit: NamedThing | None = Field(default=None, description="the responsible unit (rule T6); null: not known")
    procedure: NamedThing | None = Field(default=None, description="the administrative procedure; null: not known")
    field: NamedThing | None = Field(default=None, description="the sector of the procedure; null: not known")
    channel: str | None = Field(default=None, description="how the application came in, as sent; null: not sent")
    state: str | None = Field(
        default=None,
        description=f"at `as_of`; null: nothing is said of the case. {_OPEN_LIST}",
        examples=_names(State),
    )
    case_class: str | None = Field(
        default=None,
        alias="class",
        description=f"class of the delay (rule C); null: open, declined or withdrawn, or not to be told. {_OPEN_LIST}",
        examples=_names(CaseClass),
    )
    class_by_rule: str | None = Field(
        default=None,
        description=f"the class without any decision (rule E1); null as `class`. {_OPEN_LIST}",
        examples=_names(CaseClass),
        json_schema_extra={ADDED: "1.4.0"},
    )
    overdue: bool | None = Field(
        default=None, description="finished, or at `as_of` still open, after the judged due; null: not to be told"
    )
    overdue_by_rule: bool | None = Field(
        default=None, description="the same without any decision; null as `overdue`", json_schema_extra={ADDED: "1.4.0"}
    )
    provisional: bool = Field(default=True, description="the case is open: what is said of it holds as of `as_of` only")
    accepted: bool | None = Field(
        default=None, description="of a late entry: true once a named person has accepted it, false before; else null"
    )
    submitted_at: InstantText | None = Field(
        default=None, description=f"handed in; {_SHOWN_INSTANT}, as sent; null: not told"
    )
    received_at: InstantText | None = Field(
        default=None, description=f"accepted at the counter; {_SHOWN_INSTANT}, as sent; null: not yet, or not told"
    )
    due_at: InstantText | None = Field(
        default=None, description=f"the due that the source stated; {_SHOWN_INSTANT}, as sent; null: none"
    )
    due_recomputed_at: InstantText | None = Field(
        default=None, description=f"the due that the rules give; {_SHOWN_INSTANT}, in the calendar's zone; null: none"
    )
    judged_due_at: InstantText | None = Field(
        default=None, description=f"the due that lateness is measured against (rule D1); {_SHOWN_INSTANT}; null: none"
    )
    completed_at: InstantText | None = Field(
        default=None, description=f"the counted completion; {_SHOWN_INSTANT}, as sent; null: none"
    )
    finished_at: InstantText | None = Field(
        default=None, description=f"completed, declined or withdrawn; {_SHOWN_INSTANT}, as sent; null: open"
    )
    finish_recorded_at: InstantText | None = Field(
        default=None,
        description=f"when the source recorded that finish: decides the period to which the case belongs; {_SHOWN_INSTANT}; null: open",
        json_schema_extra={ADDED: "1.4.0"},
    )
    delivered_at: InstantText | None = Field(
        default=None, description=f"the result was handed over; {_SHOWN_INSTANT}, as sent; null: not yet"
    )
    lateness_minutes: Minutes | None = Field(
        default=None,
        description="whole working minutes after the judged due, of an open case up to `as_of`, after decisions; 0: not late; null: not to be told",
    )
    lateness_by_rule_minutes: Minutes | None = Field(
        default=None,
        description="the lateness without any decision (rule E1), likewise",
        json_schema_extra={ADDED: "1.4.0"},
    )
    system_lateness_minutes: Minutes | None = Field(
        default=None,
        description="the lateness by when the source system recorded it (basis `recorded`); null: not to be told",
    )
    late_entry_minutes: Minutes = Field(
        default=0,
        description="whole working minutes by which a finish in time was recorded late, after decisions (rules C, E2); in no lateness, in no share",
    )
    late_entry_by_rule_minutes: Minutes = Field(
        default=0, description="the same without any decision (rule C)", json_schema_extra={ADDED: "1.4.0"}
    )
    late_entry_party: PartyOfCase | None = Field(
        default=None,
        description="who held the case at its finish, where it was entered late, and bears that by rule; null: nobody",
    )
    late_entries: list[LateEntryOfCase] = Field(
        default=[],
        description="who bears how much of the late entry: their minutes sum to `late_entry_minutes`, exactly",
        json_schema_extra={ADDED: "1.4.0"},
    )
    policy: str | None = Field(
        default=None,
        description=f"the policy of attribution that was used (rule A4); null: nothing is said of the case. {_OPEN_LIST}",
        examples=_names(Policy),
    )
    as_of: InstantText | None = Field(
        default=None,
        description=f"the latest `time` or `recordedat` of the case's events; its clocks were read then. {_SHOWN_INSTANT}; null: nothing is said of the case",
    )
    calendar_version: str | None = Field(
        default=None,
        description="the working calendar that counted; null: nothing is said of the case",
        examples=["vn/1"],
    )
    event_count: int = Field(
        default=0, ge=0, description="events of the case that the state shows; 0: nothing is said of the case"
    )
    last_position: int = Field(
        default=0, ge=0, description="position in the log of the latest of them; 0: nothing is said of the case"
    )


class CaseTimelineState(CaseState):
    """The timeline of a case: holds that partition [received, finish or `as_of`), shares, anomalies."""

    holds: list[HoldOfCase] = Field(
        default=[], description="in order of time, without gaps: each ends where the next one begins"
    )
    attributions: list[ShareOfLateness] = Field(
        default=[], description="all shares after decisions: their minutes sum to `lateness_minutes`, exactly"
    )
    attributions_by_rule: list[ShareOfLateness] = Field(
        default=[],
        description="all shares without any decision: their minutes sum to `lateness_by_rule_minutes`, exactly",
        json_schema_extra={ADDED: "1.4.0"},
    )
    anomalies: list[AnomalyOfCase] = Field(default=[], description="what does not fit; empty: nothing")


class DelayAttributionsState(CaseState):
    """All shares of a case's lateness, also on an agency's topic; none where nothing is late, or nothing is known."""

    outside: bool = Field(
        default=False,
        description="on an agency's topic: the case is no concern of the agency any more; forget what was told of it before, nothing is said of it now",
    )
    attributions: list[ShareOfLateness] = Field(
        default=[],
        description="all shares after decisions: their minutes sum to `lateness_minutes`, exactly; none of a case that is `outside`",
    )
    attributions_by_rule: list[ShareOfLateness] = Field(
        default=[],
        description="all shares without any decision: their minutes sum to `lateness_by_rule_minutes`, exactly; none of a case that is `outside`",
        json_schema_extra={ADDED: "1.4.0"},
    )


class StateMessage(_Read):
    """A state of a case and its version, as a CloudEvent. A stub has no `data` but `dataref`, as with events."""

    specversion: Literal["1.0"] = Field(description="of CloudEvents")
    id: str = Field(
        description="kind, build, position, revision and case: the same state always has the same id",
        examples=["delay-attributions:1:4711:90:000.00.20.H34-220815-0001"],
    )
    source: str = Field(
        description="the log: `/tiendo/logs/` and its name; on an agency's topic followed by `/agencies/` and the unit"
    )
    type: str
    subject: str = Field(description="the case. Also the record's key")
    time: InstantText | None = Field(
        default=None,
        description="the latest instant of the case's events, as `as_of` in `data`; absent where they cannot be read",
    )
    datacontenttype: Literal["application/json"]
    logid: LogName = Field(
        description="the log; drawn anew when a log is restored from a backup, and versions begin anew"
    )
    build: Digits = Field(description="the read models that the state is from: decimal digits; compared first")
    position: Digits = Field(
        description="the state shows at least everything in the log up to this position: decimal digits; compared second"
    )
    revision: Digits = Field(
        description="rises whenever the case is folded again in the same build: decimal digits; compared third"
    )
    dataref: str | None = Field(
        default=None, description="of a stub: address under tiendo's HTTP API of the case's timeline at `time`"
    )

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
    data: CaseTimelineState | None = Field(default=None, description="absent in a stub")


class DelayAttributionsMessage(StateMessage):
    """All shares of the lateness of a case."""

    type: Literal["vn.tiendo.delay-attributions.v1"]
    data: DelayAttributionsState | None = Field(default=None, description="absent in a stub")
