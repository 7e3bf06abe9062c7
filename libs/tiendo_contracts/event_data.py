"""What `data` may say in each type of event; anything else is refused by name, so that no applicant's data slips into the log.

Every member is optional (missing or null), unless the type is meaningless without it.
"""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from tiendo_contracts.instants import parse_instant

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


Instant = Annotated[str, AfterValidator(_instant), Field(json_schema_extra={"format": "date-time"})]
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

    id: Identifier | None = None
    name: Text | None = None
    parent: Identifier | None = None
    level: Literal["province", "district", "commune"] | None = None


class Person(_Closed):
    """An officer, or with `unit` alone a unit in which nobody has picked the case up."""

    id: Identifier | None = None
    name: Text | None = None
    position: Text | None = None
    unit: Unit | None = None


class Step(_Closed):
    """A step of the internal process and its allotment in working minutes."""

    id: Identifier | None = None
    name: Text | None = None
    allotted_minutes: Minutes | None = None


class Procedure(_Closed):
    """The administrative procedure and its norm in minutes of the named kind of days."""

    id: Identifier | None = None
    name: Text | None = None
    norm_minutes: Minutes | None = None
    days: Literal["working", "calendar"] | None = None


class Sector(_Closed):
    """The field (lĩnh vực) of a procedure."""

    id: Identifier | None = None
    name: Text | None = None


class SignedDocument(_Closed):
    """A numbered document and when it was signed."""

    document_number: Text | None = None
    signed_at: Instant | None = None


class EventKey(_Closed):
    """The key of another event."""

    source: Key
    id: Key


class _Acted(_Closed):
    actor: Person | None = None


class Submitted(_Acted):
    """The application was handed in."""

    procedure: Procedure | None = None
    field: Sector | None = None
    channel: Text | None = None
    unit: Unit | None = None


class Received(Submitted):
    """The case was accepted at the counter."""

    due_at: Instant | None = None
    holder: Person | None = None
    step: Step | None = None


class Handover(_Acted):
    """The case has a new holder."""

    holder: Person | None = None
    step: Step | None = None


class Resumption(Handover):
    """The case goes on after a stop, or again after its end."""

    due_at: Instant | None = None
    reason: Reason | None = None


class Reasoned(_Acted):
    """Somebody did it, for a reason."""

    reason: Reason | None = None


class RequestAnswered(Handover):
    """What was asked of the applicant has come."""

    due_at: Instant | None = None


def _named(unit: Unit) -> Unit:
    if not (unit.id or "").strip() and not (unit.name or "").strip():
        raise PydanticCustomError("unit_unnamed", "a unit with an id or a name")
    return unit


class ConsultationRequested(_Acted):
    """Another unit was asked."""

    unit: Annotated[Unit, AfterValidator(_named)]
    step: Step | None = None


class ConsultationAnswered(_Acted):
    """The unit that was asked has answered."""


class DeadlineExtended(Reasoned):
    """The citizen was told a later due, with an apology."""

    due_at: Instant
    apology: SignedDocument | None = None


class DeadlineRestated(Reasoned):
    """The source states another due."""

    due_at: Instant


class Completed(_Acted):
    """The case is finished."""

    evidence: SignedDocument | None = None


class Corrected(Reasoned):
    """Another event of the same case never happened."""

    annuls: EventKey


DATA_MODELS: dict[str, type[BaseModel]] = {
    "submitted": Submitted,
    "received": Received,
    "assigned": Handover,
    "claimed": Handover,
    "forwarded": Handover,
    "sent-back": Handover,
    "recalled": Handover,
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
