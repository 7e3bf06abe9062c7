"""Messages that carry an event of the log: the CloudEvent as it was accepted, with its place in the log as further attributes."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from tiendo_contracts.canonical_json import digest
from tiendo_contracts.messages.places import Digits, Place

PLACE_ATTRIBUTES = ("logid", "position", "previousposition", "ingestedat", "digest", "dataref")
_InstantText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class EventMessage(BaseModel):
    """An event and its place. Members unknown to this version are passed over: later versions may add some, never change these.

    Without `data` but with `dataref` it is a stub: the event is too large for the broker, and to be had from tiendo's HTTP API at that address.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    specversion: str = Field(pattern=r"^1\.0$")
    id: str
    source: str
    type: str
    subject: str = Field(description="the case; of a directory fact what it is about")
    time: _InstantText = Field(description="when it happened, as sent")
    recordedat: _InstantText | None = Field(default=None, description="when the source recorded it; absent: at `time`")
    sequence: str | None = None
    sequencetype: str | None = None
    traceparent: str | None = None
    tracestate: str | None = None
    datacontenttype: str | None = None
    data: dict[str, Any] | None = None
    logid: UUID = Field(description="the log; drawn anew when a log is restored from a backup")
    position: Digits = Field(description="the event's position in the log, from 1")
    previousposition: Digits = Field(
        description="the position of the message before it in this partition; 0 for the first"
    )
    ingestedat: _InstantText = Field(description="when the log took the event, UTC")
    digest: str = Field(
        pattern="^[0-9a-f]{64}$",
        description="SHA-256 of the event's canonical form (RFC 8785), without the attributes from `logid` to `dataref`",
    )
    dataref: str | None = Field(default=None, description="of a stub: where the whole event is, under the HTTP API")

    @property
    def place(self) -> Place:
        """Where the event stands in the log and in its partition."""
        return Place(log_id=self.logid, position=self.position, previous_position=self.previousposition)

    @property
    def is_stub(self) -> bool:
        """Whether the event itself has to be fetched."""
        return self.dataref is not None


class CaseEventMessage(EventMessage):
    """An event of a case (`vn.tiendo.case.….v1`), keyed by the case."""


class DirectoryMessage(EventMessage):
    """A fact of the configuration (`vn.tiendo.directory.….v1`), keyed by what it is about."""


def event_of(value: dict[str, Any]) -> dict[str, Any]:
    """The CloudEvent as it was accepted, from the JSON value of a message."""
    return {name: member for name, member in value.items() if name not in PLACE_ATTRIBUTES}


def digest_holds(value: dict[str, Any]) -> bool:
    """Whether the event in the JSON value of a message is the one that the log's digest is of (a stub cannot be told)."""
    return value.get("dataref") is not None or digest(event_of(value)).hex() == value.get("digest")
