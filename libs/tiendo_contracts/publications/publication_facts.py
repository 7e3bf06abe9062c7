"""Facts of publications: what happened to a unit's list of a month. They name the list by its digest and never hold a row of it."""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from tiendo_domain.monthly_list.workflow import StepKind

PUBLICATION_TYPE_PREFIX: Final = "vn.tiendo.publication."


def publication_type(step: StepKind) -> str:
    """The type of the fact of a step."""
    return f"{PUBLICATION_TYPE_PREFIX}{step.value}.v1"


PUBLICATION_TYPES: Final = tuple(map(publication_type, StepKind))
"""The types of facts, in the order of the way of a list."""

_Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class PublicationFactData(BaseModel):
    """What every fact of a publication says; what a step says besides (who approved, by which document, why) stands in members of its own."""

    model_config = ConfigDict(extra="allow", frozen=True)

    unit: str = Field(description="id of the unit whose list it is", examples=["H34.STNMT"])
    period: str = Field(pattern="^[0-9]{4}-[0-9]{2}$", description="the month of the list", examples=["2022-08"])
    version: int = Field(ge=1, description="of the list; a correction makes the next one")
    digest: _Digest = Field(
        description="SHA-256 (hexadecimal) of the canonical form (RFC 8785) of the list as it is frozen"
    )
    number: str | None = Field(
        default=None,
        description="what a published version is called; absent before",
        examples=["CK-H34.STNMT-2022-08/1"],
    )
    public_digest: _Digest | None = Field(
        default=None, description="the same digest of what the public sees of a published version; absent before"
    )
    window_ends_at: str | None = Field(
        default=None,
        json_schema_extra={"format": "date-time"},
        description="of `opened`: up to when explanations are taken",
    )


def publication_fact_example() -> dict[str, Any]:
    """The `data` of a published list."""
    return {
        "unit": "H34.STNMT",
        "period": "2022-08",
        "version": 1,
        "digest": "7d" * 32,
        "number": "CK-H34.STNMT-2022-08/1",
        "public_digest": "3f" * 32,
        "entered_by": "key-0001",
    }
