"""The facts of a case: what source systems say has happened.

One class per event type `vn.tiendo.case.<kind>.v1`. Every member may be missing (None): the timeline shows what is missing, it never guesses.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar
from zoneinfo import ZoneInfo

from tiendo_domain.instants import Instant


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """An organisational unit as an event names it."""

    id: str | None = None
    name: str | None = None
    parent: str | None = None
    level: Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An officer as an event names one, or a unit alone (only `unit` set: nobody has picked the case up)."""

    id: str | None = None
    name: str | None = None
    position: str | None = None
    unit: Unit | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step of the internal process; without an `id` it is no step (rule A1)."""

    id: str | None = None
    name: str | None = None
    allotted_minutes: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """The administrative procedure, with the norm that the event states, in working (or calendar) minutes."""

    id: str | None = None
    name: str | None = None
    norm_minutes: int | None = None
    days: DayCount | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """The sector (lĩnh vực) of a procedure."""

    id: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedDocument:
    """A numbered document and when it was signed: evidence of a finish, or the apology of an extension.

    `signed_at` is an instant, or, where the document bears no time of day, a local date of the case's calendar.
    """

    document_number: str | None = None
    signed_at: Instant | date | None = None

    def is_signed_by(self, due: Instant, zone: ZoneInfo) -> bool:
        """Whether it is known to have been signed not after `due`; a date counts by the local date of `due` in `zone` (rules C, E2)."""
        match self.signed_at:
            case None:
                return False
            case Instant(at=signed_at):
                return signed_at <= due.at
            case signed_on:
                return signed_on <= due.at.astimezone(zone).date()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventKey:
    """The idempotency key of an event: `source` and `id`, compared by code point."""

    source: str
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """The application was handed in; starts the acceptance clock alone (rule H1)."""

    kind: ClassVar = "submitted"
    procedure: Procedure | None = None
    field: Field | None = None
    channel: str | None = None
    unit: Unit | None = None
    actor: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """Accepted at the counter: the resolution clock starts (rule H1)."""

    kind: ClassVar = "received"
    procedure: Procedure | None = None
    field: Field | None = None
    channel: str | None = None
    unit: Unit | None = None
    due_at: Instant | None = None
    actor: Person | None = None
    holder: Person | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Common shape of the events that name a new holder."""

    actor: Person | None = None
    holder: Person | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned(Handover):
    """A new holder by assignment."""

    kind: ClassVar = "assigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed(Handover):
    """An officer picked the case up."""

    kind: ClassVar = "claimed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Forwarded(Handover):
    """A new holder by forwarding."""

    kind: ClassVar = "forwarded"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentBack(Handover):
    """Back to an earlier holder."""

    kind: ClassVar = "sent-back"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled(Handover):
    """Taken back by an earlier holder."""

    kind: ClassVar = "recalled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Its holder worked on the case until its `time`: what channels know that tell who did something, not who got it (rule H12)."""

    kind: ClassVar = "worked"
    holder: Person | None = None
    since: Instant | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseBeginning:
    """Common shape of the events that begin a pause (rule H4)."""

    actor: Person | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementRequested(PauseBeginning):
    """The applicant must add papers; the clock stands."""

    kind: ClassVar = "supplement-requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequested(PauseBeginning):
    """The applicant must pay; the clock stands."""

    kind: ClassVar = "payment-requested"


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended(PauseBeginning):
    """Suspended with a reason; the clock stands."""

    kind: ClassVar = "suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseEnding:
    """Common shape of the events that end a pause, perhaps with a new holder and due."""

    actor: Person | None = None
    holder: Person | None = None
    step: Step | None = None
    due_at: Instant | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplementReceived(PauseEnding):
    """The papers came; `reason` is never sent."""

    kind: ClassVar = "supplement-received"


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentReceived(PauseEnding):
    """The payment came; `reason` is never sent."""

    kind: ClassVar = "payment-received"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumed(PauseEnding):
    """Ends every open pause (rule H4)."""

    kind: ClassVar = "resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened(PauseEnding):
    """The ended case lives again (rule H6)."""

    kind: ClassVar = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationRequested:
    """Another unit is asked; its time is working time on its account (rule H4)."""

    kind: ClassVar = "consultation-requested"
    actor: Person | None = None
    unit: Unit | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsultationAnswered:
    """The consulted unit (`actor.unit`) answered."""

    kind: ClassVar = "consultation-answered"
    actor: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineExtended:
    """An extension with reason and apology (rule D3)."""

    kind: ClassVar = "deadline-extended"
    actor: Person | None = None
    due_at: Instant
    reason: str | None = None
    apology: SignedDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineRestated:
    """The source states another due (rule D3)."""

    kind: ClassVar = "deadline-restated"
    due_at: Instant
    reason: str | None = None
    actor: Person | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """The resolution clock stops; evidence may prove an earlier finish than was recorded."""

    kind: ClassVar = "completed"
    actor: Person | None = None
    evidence: SignedDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """Common shape of the other endings."""

    actor: Person | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultDelivered(Ending):
    """The result was handed out; the pick-up clock stops."""

    kind: ClassVar = "result-delivered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined(Ending):
    """Not accepted."""

    kind: ClassVar = "declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Ending):
    """Withdrawn by the applicant."""

    kind: ClassVar = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrected:
    """Annuls another event of the same case (rule H8)."""

    kind: ClassVar = "corrected"
    annuls: EventKey
    reason: str | None = None
    actor: Person | None = None


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
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """One fact of one case, as it stands in the log.

    `occurred_at` is the CloudEvents `time`, `recorded_at` the extension `recordedat` (None when absent: equal to `time`, rule T4).
    `position` and `ingested_at` (UTC) are the log's; they never decide anything inside a case (rule T1). `marks` are shown with the holds.
    """

    source: str
    id: str
    case_id: str
    occurred_at: Instant
    recorded_at: Instant | None
    sequence: int | None
    fact: CaseFact
    position: int
    ingested_at: datetime
    marks: tuple[Mark, ...] = ()
