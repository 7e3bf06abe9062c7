"""The facts of a case: what source systems say has happened. Each is declared here once, and nowhere else.

One class per event type `vn.tiendo.case.<kind>.v1`, its fields the members of `data`, with what the door asks of each (`member_rules`) and
how it is described. The door's checks, the JSON Schema and the reading of stored texts are derived from these classes (`tiendo_contracts`).
Every member may be missing (None) unless the type means nothing without it: the timeline shows what is missing, it never guesses.
"""

from enum import StrEnum
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct

from tiendo_domain.instants import Instant, LocalDate, Moment
from tiendo_domain.member_rules import MARKS_MAX, CaseCode, Identifier, Key, ListRule, Minutes, NamedRule, Reason, Text


class Level(StrEnum):
    """Administrative level of a unit."""

    PROVINCE = "province"
    DISTRICT = "district"
    COMMUNE = "commune"


class DayCount(StrEnum):
    """Whether a procedure's norm counts working time or calendar days (rule T7)."""

    WORKING = "working"
    CALENDAR = "calendar"


class Mark(StrEnum):
    """What a translator says of an event that it made, beside what the source said."""

    HISTORY = "history"
    SENDER_REPAIR = "sender-repair"
    MATCHED_BY_DIRECTORY = "matched-by-directory"
    STATUS_UNMAPPED = "status-unmapped"


class _Said(Struct, frozen=True, kw_only=True, gc=False):
    """An object in an event."""


class Unit(_Said, frozen=True, kw_only=True):
    """An organisational unit as an event names it."""

    id: Annotated[Identifier | None, Meta(description="code of the unit, as the source names it")] = None
    name: Annotated[Text | None, Meta(description="name of the unit")] = None
    parent: Annotated[Identifier | None, Meta(description="code of the unit above")] = None
    level: Annotated[Level | None, Meta(description="administrative level")] = None


class Person(_Said, frozen=True, kw_only=True):
    """An officer as an event names one, or with `unit` alone a unit in which nobody has picked the case up."""

    id: Annotated[Identifier | None, Meta(description="code of the officer, as the source names it")] = None
    name: Annotated[Text | None, Meta(description="full name (họ và tên)")] = None
    position: Annotated[Text | None, Meta(description="position (chức vụ)")] = None
    unit: Annotated[
        Unit | None, Meta(description="the officer's unit; alone, without an officer: the unit that has the case")
    ] = None


class Step(_Said, frozen=True, kw_only=True):
    """A step of the internal process and its allotment in working minutes; without an `id` it is no step (rule A1)."""

    id: Annotated[Identifier | None, Meta(description="code of the step; without it the step is none")] = None
    name: Annotated[Text | None, Meta(description="name of the step")] = None
    allotted_minutes: Annotated[Minutes | None, Meta(description="working minutes that the step has as a whole")] = None


class Procedure(_Said, frozen=True, kw_only=True):
    """The administrative procedure, with the norm that the event states, in minutes of the named kind of days."""

    id: Annotated[Identifier | None, Meta(description="national code, perhaps with a local suffix")] = None
    name: Annotated[Text | None, Meta(description="name of the procedure")] = None
    norm_minutes: Annotated[
        Minutes | None,
        Meta(description="minutes that the procedure has as a whole, of the days that `days` names"),
    ] = None
    days: Annotated[DayCount | None, Meta(description="which days the norm counts")] = None


class Field(_Said, frozen=True, kw_only=True):
    """The sector (lĩnh vực) of a procedure."""

    id: Annotated[Identifier | None, Meta(description="code of the field")] = None
    name: Annotated[Text | None, Meta(description="name of the field")] = None


class SignedDocument(_Said, frozen=True, kw_only=True):
    """A numbered document and when it was signed: evidence of a finish, or the apology of an extension.

    `signed_at` is an instant, or, where the document bears no time of day, a local date of the case's calendar.
    """

    document_number: Annotated[Text | None, Meta(description="number of the document")] = None
    signed_at: Annotated[
        Moment | None,
        Meta(description="when it was signed: RFC 3339 with an offset, or a local date such as 2022-08-15"),
    ] = None

    def is_signed_by(self, due: Instant, zone: ZoneInfo) -> bool:
        """Whether it is known to have been signed not after `due`; a date counts by the local date of `due` in `zone` (rules C, E2)."""
        match self.signed_at:
            case Instant(at=signed_at):
                return signed_at <= due.at
            case LocalDate(on=signed_on):
                return signed_on <= due.at.astimezone(zone).date()
            case _:
                return False


class EventKey(_Said, frozen=True, kw_only=True):
    """The idempotency key of an event: `source` and `id`, compared by code point."""

    source: Annotated[Key, Meta(description="of the other event")]
    id: Annotated[Key, Meta(description="of the other event")]


class LoggedFact(_Said, frozen=True, kw_only=True):
    """Common shape of all that is told of a case; `kind` is the middle of the event's type, without `case.` where it begins so."""

    kind: ClassVar[str]


class Fact(LoggedFact, frozen=True, kw_only=True):
    """Common shape of the facts of its course."""

    marks: Annotated[
        Annotated[tuple[Mark, ...], ListRule(most=MARKS_MAX)] | None,
        Meta(description="what is to be known of how this was told or read"),
    ] = None


class _Acted(Fact, frozen=True, kw_only=True):
    """Common shape of what somebody did."""

    actor: Annotated[
        Person | None,
        Meta(description="who did it in the source system; says nothing of who holds the case (rule H2)"),
    ] = None


class _Reasoned(_Acted, frozen=True, kw_only=True):
    """Common shape of what somebody did for a reason."""

    reason: Annotated[Reason | None, Meta(description="why")] = None


class _Application(_Acted, frozen=True, kw_only=True):
    """Common shape of the events that tell what is applied for."""

    procedure: Annotated[Procedure | None, Meta(description="what is applied for")] = None
    field: Annotated[Field | None, Meta(description="the field of the procedure")] = None
    channel: Annotated[Text | None, Meta(description="how the application came in")] = None
    unit: Annotated[Unit | None, Meta(description="the responsible unit (rule T6)")] = None


class Submitted(_Application, frozen=True, kw_only=True):
    """The application was handed in; starts the acceptance clock alone (rule H1)."""

    kind: ClassVar[str] = "submitted"


class Received(_Application, frozen=True, kw_only=True):
    """The case was accepted at the counter: the resolution clock starts (rule H1)."""

    kind: ClassVar[str] = "received"
    due_at: Annotated[
        Instant | None, Meta(description="the due that the citizen was told: RFC 3339 with an offset")
    ] = None
    holder: Annotated[Person | None, Meta(description="who has the case now")] = None
    step: Annotated[Step | None, Meta(description="the step that begins")] = None


class _Handover(_Acted, frozen=True, kw_only=True):
    """Common shape of the events that name a new holder."""

    holder: Annotated[Person | None, Meta(description="who has the case now")] = None
    step: Annotated[Step | None, Meta(description="the step that begins; absent: rule A1")] = None


class Assigned(_Handover, frozen=True, kw_only=True):
    """A new holder by assignment."""

    kind: ClassVar[str] = "assigned"


class Claimed(_Handover, frozen=True, kw_only=True):
    """An officer picked the case up."""

    kind: ClassVar[str] = "claimed"


class Forwarded(_Handover, frozen=True, kw_only=True):
    """A new holder by forwarding."""

    kind: ClassVar[str] = "forwarded"


class SentBack(_Handover, frozen=True, kw_only=True):
    """Back to an earlier holder."""

    kind: ClassVar[str] = "sent-back"


class Recalled(_Handover, frozen=True, kw_only=True):
    """Taken back by an earlier holder."""

    kind: ClassVar[str] = "recalled"


class Worked(Fact, frozen=True, kw_only=True):
    """Its holder worked on the case until its `time`: what channels know that tell who did something, not who got it (rule H12)."""

    kind: ClassVar[str] = "worked"
    holder: Annotated[Person | None, Meta(description="who worked on the case until `time`")] = None
    since: Annotated[Instant | None, Meta(description="from when on, if known: RFC 3339 with an offset")] = None
    step: Annotated[Step | None, Meta(description="the step that was worked on")] = None


class SupplementRequested(_Reasoned, frozen=True, kw_only=True):
    """The applicant must add papers; the clock stands (rule H4)."""

    kind: ClassVar[str] = "supplement-requested"


class PaymentRequested(_Reasoned, frozen=True, kw_only=True):
    """The applicant must pay; the clock stands (rule H4)."""

    kind: ClassVar[str] = "payment-requested"


class Suspended(_Reasoned, frozen=True, kw_only=True):
    """Suspended with a reason; the clock stands (rule H4)."""

    kind: ClassVar[str] = "suspended"


class _GoingOn(_Handover, frozen=True, kw_only=True):
    """Common shape of the events after which the case goes on, perhaps with a new holder and due."""

    due_at: Annotated[Instant | None, Meta(description="the due from now on: RFC 3339 with an offset")] = None


class SupplementReceived(_GoingOn, frozen=True, kw_only=True):
    """The papers came."""

    kind: ClassVar[str] = "supplement-received"


class PaymentReceived(_GoingOn, frozen=True, kw_only=True):
    """The payment came."""

    kind: ClassVar[str] = "payment-received"


class Resumed(_GoingOn, frozen=True, kw_only=True):
    """Ends every open pause (rule H4)."""

    kind: ClassVar[str] = "resumed"
    reason: Annotated[Reason | None, Meta(description="why")] = None


class Reopened(_GoingOn, frozen=True, kw_only=True):
    """The ended case lives again (rule H6)."""

    kind: ClassVar[str] = "reopened"
    reason: Annotated[Reason | None, Meta(description="why")] = None


class ConsultationRequested(_Acted, frozen=True, kw_only=True):
    """Another unit is asked; its time is working time on its account (rule H4)."""

    kind: ClassVar[str] = "consultation-requested"
    unit: Annotated[Annotated[Unit, NamedRule()], Meta(description="the unit that is asked")]
    step: Annotated[Step | None, Meta(description="the step that the asked unit is to do")] = None


class ConsultationAnswered(_Acted, frozen=True, kw_only=True):
    """The consulted unit (`actor.unit`) answered."""

    kind: ClassVar[str] = "consultation-answered"


class DeadlineExtended(_Reasoned, frozen=True, kw_only=True):
    """The citizen was told a later due, with reason and apology (rule D3)."""

    kind: ClassVar[str] = "deadline-extended"
    due_at: Annotated[Instant, Meta(description="the later due: RFC 3339 with an offset")]
    apology: Annotated[SignedDocument | None, Meta(description="the letter of apology with the later due")] = None


class DeadlineRestated(_Reasoned, frozen=True, kw_only=True):
    """The source states another due (rule D3)."""

    kind: ClassVar[str] = "deadline-restated"
    due_at: Annotated[Instant, Meta(description="the due from now on: RFC 3339 with an offset")]


class Completed(_Acted, frozen=True, kw_only=True):
    """The resolution clock stops; evidence may prove an earlier finish than was recorded."""

    kind: ClassVar[str] = "completed"
    evidence: Annotated[SignedDocument | None, Meta(description="the document that shows when it was finished")] = None


class ResultDelivered(_Reasoned, frozen=True, kw_only=True):
    """The result was handed out; the pick-up clock stops."""

    kind: ClassVar[str] = "result-delivered"


class Declined(_Reasoned, frozen=True, kw_only=True):
    """Not accepted."""

    kind: ClassVar[str] = "declined"


class Withdrawn(_Reasoned, frozen=True, kw_only=True):
    """Withdrawn by the applicant."""

    kind: ClassVar[str] = "withdrawn"


class Corrected(_Reasoned, frozen=True, kw_only=True):
    """Another event of the same case never happened (rule H8)."""

    kind: ClassVar[str] = "corrected"
    annuls: Annotated[EventKey, Meta(description="the event that never happened")]


class Joined(Fact, frozen=True, kw_only=True):
    """The case has another code too (rule N4); no event of the walk."""

    kind: ClassVar[str] = "joined"
    alias: Annotated[CaseCode, Meta(description="the other code of the same case")]


CaseFact = (
    Submitted
    | Received
    | Assigned
    | Claimed
    | Forwarded
    | SentBack
    | Recalled
    | Worked
    | SupplementRequested
    | PaymentRequested
    | Suspended
    | SupplementReceived
    | PaymentReceived
    | Resumed
    | Reopened
    | ConsultationRequested
    | ConsultationAnswered
    | DeadlineExtended
    | DeadlineRestated
    | Completed
    | ResultDelivered
    | Declined
    | Withdrawn
    | Corrected
    | Joined
)
