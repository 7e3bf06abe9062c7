"""What is sent with each step of a monthly list."""

from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import PydanticCustomError

from tiendo_contracts.events.data_complaints import complaint
from tiendo_contracts.events.event_data import InstantOfData, MomentOfData
from tiendo_domain.months import Month

_SHOWN = r"^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$"
_SHOWN_IN_LINES = r"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]*$"


def _said(text: str) -> str:
    if text.isspace():
        raise PydanticCustomError("blank", "not blank")
    return text


def _month(text: str) -> str:
    if Month.parse(text) is None:
        raise PydanticCustomError("month", "a month such as 2022-08")
    return text


Line = Annotated[str, Field(min_length=1, max_length=500, pattern=_SHOWN), AfterValidator(_said)]
Lines = Annotated[str, Field(min_length=1, max_length=2000, pattern=_SHOWN_IN_LINES), AfterValidator(_said)]


class _Body(BaseModel):
    """An object whose members are all named here."""

    model_config = ConfigDict(extra="forbid", strict=True)


class UnitOfSigner(_Body):
    """The unit of somebody who signs."""

    id: Line | None = None
    name: Line | None = None


class SigningOfficer(_Body):
    """Who answers for a step."""

    id: Line | None = Field(default=None, description="id of the officer")
    name: Line = Field(description="full name")
    position: Line | None = Field(default=None, description="position (chức vụ)")
    unit: UnitOfSigner | None = Field(default=None, description="the unit")


class SignedPaper(_Body):
    """The document of a step, as the office numbered it: never invented."""

    document_number: Line = Field(description="number of the document (số, ký hiệu)")
    signed_at: MomentOfData = Field(description="RFC 3339 with an offset, or a local date such as 2022-09-12")


class DraftBody(_Body):
    """Whose list of which month."""

    unit: Annotated[str, Field(min_length=1, max_length=200, pattern=_SHOWN)] = Field(
        description="code of the unit", examples=["H34.STNMT"]
    )
    period: Annotated[str, AfterValidator(_month)] = Field(description="the month", examples=["2022-08"])


class OpenBody(_Body):
    """Up to when explanations are taken."""

    window_ends_at: InstantOfData | None = Field(
        default=None, description="RFC 3339 with an offset; absent: the end of the last working day of the window"
    )


class ApproveBody(_Body):
    """Who approves, by which document and on what legal basis."""

    approved_by: SigningOfficer | None = Field(
        default=None, description="who approves; absent only for somebody signed in, who it is then"
    )
    document: SignedPaper
    legal_basis: Lines = Field(description="what the publication rests on (căn cứ)")


class PublishBody(_Body):
    """Nothing is asked for."""


class CorrectBody(_Body):
    """Who corrects, by which document, and why."""

    approved_by: SigningOfficer | None = Field(
        default=None, description="who approves; absent only for somebody signed in, who it is then"
    )
    document: SignedPaper
    reason: Lines = Field(description="why; shown beside the number")
    legal_basis: Lines | None = Field(
        default=None, description="what the publication rests on; absent: as it was approved"
    )


class WithdrawBody(_Body):
    """Why the list is withdrawn."""

    reason: Lines = Field(description="why; it stays readable beside number and date")
    withdrawn_by: SigningOfficer | None = Field(default=None, description="who withdraws")
    document: SignedPaper | None = Field(default=None, description="by which document")


def checked(body: type[BaseModel], value: Any) -> Any:  # noqa: ANN401 - any JSON value in, an instance of `body` out
    """The body as the model has it. Raises the `Refusal` that names every fault."""
    try:
        return body.model_validate(value)
    except ValidationError as error:
        raise complaint(error, within=()) from None


def plain(body: BaseModel | None) -> dict[str, Any] | None:
    """What was said, as it goes into a fact: members that were left out stay out."""
    return None if body is None else body.model_dump(mode="json", exclude_none=True)
