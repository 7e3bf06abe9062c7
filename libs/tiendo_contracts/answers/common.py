"""What several answers of the query side share."""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

from tiendo_domain.instants import Instant
from tiendo_domain.timeline_types import PartyKind

SIMULATED_NOTICE: Final = "Dữ liệu mô phỏng"


def _shown(instant: object) -> object:
    return instant.text if isinstance(instant, Instant) else instant


InstantText = Annotated[
    str,
    BeforeValidator(_shown),
    Field(
        description="RFC 3339 with an offset: an event's instant as it was sent, a computed one in the calendar's zone",
        examples=["2022-08-15T08:05:00+07:00"],
        json_schema_extra={"format": "date-time"},
    ),
]
"""An instant as it was sent, or in the calendar's zone; made from the domain's as well."""
Minutes = Annotated[int, Field(ge=0, description="whole working minutes")]
Count = Annotated[int, Field(ge=0, description="number of cases")]
Position = Annotated[int, Field(ge=0, description="position in the log")]
Ratio = Annotated[float, Field(ge=0, le=1, description="a share between 0 and 1")]

Notice = Literal["Dữ liệu mô phỏng"]


def _holding(kind: PartyKind) -> PartyKind:
    if kind not in _HOLDING:
        raise PydanticCustomError("holder", "the organisation holds no case")
    return kind


_HOLDING: Final = tuple(kind for kind in PartyKind if kind is not PartyKind.ORGANISATION)
HolderKind = Annotated[
    PartyKind, AfterValidator(_holding), WithJsonSchema({"type": "string", "enum": [kind.value for kind in _HOLDING]})
]


class Answer(BaseModel):
    """An answer of the query side, or a part of one: every member is always there, null where nothing is known, but for `absent_before`.

    Made from the domain's value whose attributes have the names of the members, or from the members themselves.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, from_attributes=True, populate_by_name=True)
    absent_before: ClassVar[frozenset[str]] = frozenset()
    """Members that are absent from what was frozen before they were said: its digest is that of the others."""


def _nothing_named(thing: object) -> object:
    """None in place of a value of the domain that has neither id nor name."""
    nameless = getattr(thing, "id", thing) is None and getattr(thing, "name", thing) is None
    return None if nameless else thing


class Named(Answer):
    """Something by id and name; either may be missing in what was sent."""

    id: str | None = Field(examples=["H34.20"])
    name: str | None = Field(examples=["Chi nhánh VPĐKĐĐ thành phố Kon Tum"])


ShownName = Annotated[Named | None, BeforeValidator(_nothing_named)]
"""Something by id and name; null where neither is known."""
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
    unit: ShownName


class Bearer(Answer):
    """Who bears a share of the lateness: as a holder, or the organisation, of which all else is null (rule A3)."""

    key: PartyKey
    kind: PartyKind
    id: str | None = Field(examples=["CC-0001"])
    name: str | None = Field(examples=["Nguyễn Thị Ánh"])
    position: str | None = Field(examples=["Chuyên viên"])
    unit: ShownName


class Marked(Answer):
    """An answer that says whether simulated events are among those it rests on."""

    simulated: bool = Field(
        description="whether events of a source under /simulation/ are among those behind the figures"
    )
    notice: Notice | None = Field(
        description="the words to be shown wherever the figures are shown; null where nothing is simulated"
    )


def notice_of(*, simulated: bool) -> Notice | None:
    """The words that mark simulated figures, or None."""
    return SIMULATED_NOTICE if simulated else None
