"""What several answers of the query side share."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SIMULATED_NOTICE = "Dữ liệu mô phỏng"

InstantText = Annotated[
    str,
    Field(
        description="RFC 3339 with an offset: an event's instant as it was sent, a computed one in the calendar's zone",
        examples=["2022-08-15T08:05:00+07:00"],
        json_schema_extra={"format": "date-time"},
    ),
]
Minutes = Annotated[int, Field(ge=0, description="whole working minutes")]
Count = Annotated[int, Field(ge=0, description="number of cases")]
Position = Annotated[int, Field(ge=0, description="position in the log")]
Ratio = Annotated[float, Field(ge=0, le=1, description="a share between 0 and 1")]

StateName = Literal[
    "submitted",
    "in-process",
    "waiting-applicant",
    "waiting-payment",
    "suspended",
    "consulting",
    "completed",
    "delivered",
    "declined",
    "withdrawn",
]
ClassName = Literal["on-time", "actual", "late-entry", "unproven", "pause-not-respected", "late-sync"]
HolderKind = Literal["officer", "unit", "applicant", "consulted-unit", "suspension", "unknown"]
BearerKind = Literal["officer", "unit", "applicant", "consulted-unit", "suspension", "unknown", "organisation"]
LevelName = Literal["province", "district", "commune"]


class Answer(BaseModel):
    """An answer of the query side, or a part of one: every member is always there, null where nothing is known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(Answer):
    """Something by id and name; either may be missing in what was sent."""

    id: str | None = Field(examples=["H34.20"])
    name: str | None = Field(examples=["Chi nhánh VPĐKĐĐ thành phố Kon Tum"])


PartyKey = Annotated[
    str,
    Field(
        description="tells parties apart (rules H3, H11): equal keys, one party, within a case and across cases; says nothing else",
        examples=['["officer", "CC-0001"]'],
    ),
]


class Holder(Answer):
    """Who holds a case (rules H2 to H4). For kind unit and consulted-unit `id` and `name` are the unit's; for applicant and suspension all are null."""

    key: PartyKey
    kind: HolderKind
    id: str | None = Field(examples=["CC-0001"])
    name: str | None = Field(examples=["Nguyễn Thị Ánh"])
    position: str | None = Field(examples=["Chuyên viên"])
    unit: Named | None


class Bearer(Answer):
    """Who bears a share of the lateness: as a holder, or the organisation, of which all else is null (rule A3)."""

    key: PartyKey
    kind: BearerKind
    id: str | None = Field(examples=["CC-0001"])
    name: str | None = Field(examples=["Nguyễn Thị Ánh"])
    position: str | None = Field(examples=["Chuyên viên"])
    unit: Named | None


class Marked(Answer):
    """An answer that says whether simulated events are among those it rests on."""

    simulated: bool = Field(
        description="whether events of a source under /simulation/ are among those behind the figures"
    )
    notice: Literal["Dữ liệu mô phỏng"] | None = Field(
        description="the words to be shown wherever the figures are shown; null where nothing is simulated"
    )


def notice_of(*, simulated: bool) -> Literal["Dữ liệu mô phỏng"] | None:
    """The words that mark simulated figures, or None."""
    return "Dữ liệu mô phỏng" if simulated else None
