"""Events as they lie in the log."""

from typing import Annotated, Any

from pydantic import ConfigDict, Field

from tiendo_contracts.answers.common import Answer, InstantText, Position

Hash = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="32 bytes in hexadecimal")]
Salt = Annotated[str, Field(pattern="^[0-9a-f]{32}$", description="16 bytes in hexadecimal")]


class LogEntry(Answer):
    """One event at its place in the log. What proves it is missing from the answer of a service that is older than the proofs."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    position: int = Field(ge=1)
    ingested_at: InstantText
    digest: Hash | None = Field(
        default=None,
        description="SHA-256 of the event's canonical form (RFC 8785); not of a redacted event",
    )
    salt: Salt | None = Field(
        default=None,
        description="key of the event's commitment, the HMAC-SHA-256 of its canonical form; not of a redacted event",
    )
    redacted: list[str] | None = Field(
        default=None, description="the members whose text was replaced by `[redacted]`; of a redacted event only"
    )
    commitment: Hash | None = Field(
        default=None, description="what salt and event gave before the event was redacted; of a redacted event only"
    )
    event: dict[str, Any] = Field(description="the CloudEvent, member by member the text that was accepted")


class LogPage(Answer):
    """Events in order of position; nothing is ever missing below `next`."""

    events: list[LogEntry]
    next: Position = Field(description="the position to ask after next")
