"""What `data` may say in each type of event; anything else is refused by name, so that no applicant's data slips into the log.

Every member is optional (missing or null), unless the type is meaningless without it.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from tiendo_contracts.instants import parse_instant, parse_local_date

ID_LENGTH_MAX = 200
TEXT_LENGTH_MAX = 2_000


def _instant(text: str) -> str:
    try:
        parse_instant(text)
    except ValueError:
        raise PydanticCustomError("instant", "an instant of RFC 3339 with an offset") from None
    return text


def _plain(text: str) -> str:
    if not text.isprintable() and any(character < " " or "\x7f" <= character <= "\x9f" for character in text):
        raise PydanticCustomError("control_character", "text without control characters")
    if text in {".", ".."}:
        raise PydanticCustomError("dots", "not `.` or `..`")
    return text


def _instant_or_date(text: str) -> str:
    try:
        parse_instant(text)
    except ValueError:
        try:
            parse_local_date(text)
        except ValueError:
            raise PydanticCustomError("instant_or_date", "an instant of RFC 3339 with an offset, or a date") from None
    return text


Instant = Annotated[str, AfterValidator(_instant), Field(json_schema_extra={"format": "date-time"})]
InstantOrDate = Annotated[str, AfterValidator(_instant_or_date)]
Key = Annotated[str, Field(min_length=1, max_length=ID_LENGTH_MAX), AfterValidator(_plain)]
Identifier = Annotated[str, Field(max_length=ID_LENGTH_MAX)]
Text = Annotated[str, Field(max_length=TEXT_LENGTH_MAX)]
Reason = Annotated[str, Field(min_length=1, max_length=TEXT_LENGTH_MAX)]
Minutes = Annotated[int, Field(ge=0)]


class _Closed(BaseModel):
    """An object whose members are all named here."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Unit(_Closed):
    """An organisational unit."""

    id: Identifier | None = Field(default=None, description="code of the unit, as the source names it")
    name: Text | None = Field(default=None, description="name of the unit")
    parent: Identifier | None = Field(default=None, description="code of the unit above")
    level: Literal["province", "district", "commune"] | None = Field(default=None, description="administrative level")


class Person(_Closed):
    """An officer, or with `unit` alone a unit in which nobody has picked the case up."""

    id: Identifier | None = Field(default=None, description="code of the officer, as the source names it")
    name: Text | None = Field(default=None, description="full name (họ và tên)")
    position: Text | None = Field(default=None, description="position (chức vụ)")
    unit: Unit | None = Field(
        default=None, description="the officer's unit; alone, without an officer: the unit that has the case"
    )


class Step(_Closed):
    """A step of the internal process and its allotment in working minutes."""

    id: Identifier | None = Field(default=None, description="code of the step; without it the step is none")
    name: Text | None = Field(default=None, description="name of the step")
    allotted_minutes: Minutes | None = Field(default=None, description="working minutes that the step has as a whole")


class Procedure(_Closed):
    """The administrative procedure and its norm in minutes of the named kind of days."""

    id: Identifier | None = Field(default=None, description="national code, perhaps with a local suffix")
    name: Text | None = Field(default=None, description="name of the procedure")
    norm_minutes: Minutes | None = Field(
        default=None, description="minutes that the procedure has as a whole, of the days that `days` names"
    )
    days: Literal["working", "calendar"] | None = Field(default=None, description="which days the norm counts")


class Sector(_Closed):
    """The field (lĩnh vực) of a procedure."""

    id: Identifier | None = Field(default=None, description="code of the field")
    name: Text | None = Field(default=None, description="name of the field")


class SignedDocument(_Closed):
    """A numbered document and when it was signed."""

    document_number: Text | None = Field(default=None, description="number of the document")
    signed_at: InstantOrDate | None = Field(
        default=None, description="when it was signed: RFC 3339 with an offset, or a local date such as 2022-08-15"
    )


class EventKey(_Closed):
    """The key of another event."""

    source: Key = Field(description="of the other event")
    id: Key = Field(description="of the other event")


class _Acted(_Closed):
    actor: Person | None = Field(
        default=None, description="who did it in the source system; says nothing of who holds the case (rule H2)"
    )


class Submitted(_Acted):
    """The application was handed in."""

    procedure: Procedure | None = Field(default=None, description="what is applied for")
    field: Sector | None = Field(default=None, description="the field of the procedure")
    channel: Text | None = Field(default=None, description="how the application came in")
    unit: Unit | None = Field(default=None, description="the responsible unit (rule T6)")


class Received(Submitted):
    """The case was accepted at the counter."""

    due_at: Instant | None = Field(
        default=None, description="the due that the citizen was told: RFC 3339 with an offset"
    )
    holder: Person | None = Field(default=None, description="who has the case now")
    step: Step | None = Field(default=None, description="the step that begins")


class Handover(_Acted):
    """The case has a new holder."""

    holder: Person | None = Field(default=None, description="who has the case now")
    step: Step | None = Field(default=None, description="the step that begins; absent: rule A1")


class Worked(_Closed):
    """Somebody worked on the case until `time` (rule H12)."""

    holder: Person | None = Field(default=None, description="who worked on the case until `time`")
    since: Instant | None = Field(default=None, description="from when on, if known: RFC 3339 with an offset")
    step: Step | None = Field(default=None, description="the step that was worked on")


class Resumption(Handover):
    """The case goes on after a stop, or again after its end."""

    due_at: Instant | None = Field(default=None, description="the due from now on: RFC 3339 with an offset")
    reason: Reason | None = Field(default=None, description="why")


class Reasoned(_Acted):
    """Somebody did it, for a reason."""

    reason: Reason | None = Field(default=None, description="why")


class RequestAnswered(Handover):
    """What was asked of the applicant has come."""

    due_at: Instant | None = Field(default=None, description="the due from now on: RFC 3339 with an offset")


def _named(unit: Unit) -> Unit:
    if not (unit.id or "").strip() and not (unit.name or "").strip():
        raise PydanticCustomError("unit_unnamed", "a unit with an id or a name")
    return unit


class ConsultationRequested(_Acted):
    """Another unit was asked."""

    unit: Annotated[Unit, AfterValidator(_named)] = Field(description="the unit that is asked")
    step: Step | None = Field(default=None, description="the step that the asked unit is to do")


class ConsultationAnswered(_Acted):
    """The unit that was asked has answered."""


class DeadlineExtended(Reasoned):
    """The citizen was told a later due, with an apology."""

    due_at: Instant = Field(description="the later due: RFC 3339 with an offset")
    apology: SignedDocument | None = Field(default=None, description="the letter of apology with the later due")


class DeadlineRestated(Reasoned):
    """The source states another due."""

    due_at: Instant = Field(description="the due from now on: RFC 3339 with an offset")


class Completed(_Acted):
    """The case is finished."""

    evidence: SignedDocument | None = Field(default=None, description="the document that shows when it was finished")


class Corrected(Reasoned):
    """Another event of the same case never happened."""

    annuls: EventKey = Field(description="the event that never happened")


DATA_MODELS: dict[str, type[BaseModel]] = {
    "submitted": Submitted,
    "received": Received,
    "assigned": Handover,
    "claimed": Handover,
    "forwarded": Handover,
    "sent-back": Handover,
    "recalled": Handover,
    "worked": Worked,
    "resumed": Resumption,
    "reopened": Resumption,
    "supplement-requested": Reasoned,
    "payment-requested": Reasoned,
    "suspended": Reasoned,
    "supplement-received": RequestAnswered,
    "payment-received": RequestAnswered,
    "consultation-requested": ConsultationRequested,
    "consultation-answered": ConsultationAnswered,
    "deadline-extended": DeadlineExtended,
    "deadline-restated": DeadlineRestated,
    "completed": Completed,
    "result-delivered": Reasoned,
    "declined": Reasoned,
    "withdrawn": Reasoned,
    "corrected": Corrected,
}
