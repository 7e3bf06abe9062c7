"""Messages that carry an event of the log: the CloudEvent as it was accepted, with its place in the log as further attributes."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from tiendo_contracts.messages.places import Digits, LogName, Place
from tiendo_contracts.texts.canonical_json import digest, digest_of_plain

PLACE_ATTRIBUTES = ("logid", "position", "previousposition", "ingestedat", "digest", "dataref")
InstantText = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class EventMessage(BaseModel):
    """An event and its place. Members unknown to this version are passed over: later versions may add some, never change these.

    Without `data` but with `dataref` it is a stub: the event is too large for the broker, and to be had from tiendo's HTTP API at that address.
    Types unknown to this version may come as well; a reader passes over what it does not know, but counts its position.
    """

    model_config = ConfigDict(extra="ignore", frozen=True)

    specversion: Literal["1.0"] = Field(description="of CloudEvents")
    id: str = Field(description="names the event within its `source`, as sent", examples=["e-1"])
    source: str = Field(
        description="the system that sent the event; below `/simulation/` the event is invented",
        examples=["/kontum/igate"],
    )
    type: str = Field(description="what happened, and the version of what `data` says of it")
    subject: str = Field(
        description="the case; of a directory fact what it is about, of a publication its id. Also the record's key"
    )
    time: InstantText = Field(
        description="when it happened: RFC 3339 with an offset, as sent (`T` and `Z` may be small), at most microseconds"
    )
    recordedat: InstantText | None = Field(
        default=None, description="when the source system recorded it, as sent; absent: at `time`"
    )
    sequence: str | None = Field(
        default=None, description="the source's own order among events of one `time`: 1 to 18 digits; absent: none"
    )
    sequencetype: str | None = Field(default=None, description="as sent; without meaning to tiendo")
    traceparent: str | None = Field(default=None, description="W3C trace context, as sent")
    tracestate: str | None = Field(default=None, description="W3C trace context, as sent")
    enteredby: str | None = Field(
        default=None, description="who entered what is explained or decided: the id of a key, or who had signed in"
    )
    datacontenttype: str | None = Field(
        default=None, description="`application/json`, perhaps with a charset, as sent; absent means the same"
    )
    data: dict[str, Any] | None = Field(
        default=None, description="what the source says of it, by `type`; absent: nothing, or, with `dataref`, too much"
    )
    logid: LogName = Field(
        description="the log that numbered the event; drawn anew when a log is restored from a backup"
    )
    position: Digits = Field(
        description="the event's position in the log: decimal digits, from 1, without gaps in the log, at most 2^63 - 1"
    )
    previousposition: Digits = Field(
        description="the position of the message before it in this partition of this topic, of the same log; 0 for the first"
    )
    ingestedat: InstantText = Field(description="when the log took the event: RFC 3339 in UTC")
    digest: str = Field(
        pattern="^[0-9a-f]{64}$",
        description="SHA-256 (hexadecimal) of the event's canonical form (RFC 8785), without `logid`, `position`, `previousposition`, "
        "`ingestedat`, `digest` and `dataref`",
    )
    dataref: str | None = Field(
        default=None,
        description="of a stub: address under tiendo's HTTP API of a page of the log whose one entry, `events[0].event`, is the whole event",
    )

    @property
    def place(self) -> Place:
        """Where the event stands in the log and in its partition."""
        return Place(log_id=self.logid, position=self.position, previous_position=self.previousposition)

    @property
    def is_stub(self) -> bool:
        """Whether the event itself has to be fetched."""
        return self.dataref is not None and self.data is None


class CaseEventMessage(EventMessage):
    """An event of a case (`vn.tiendo.case.….v1`), keyed by the case."""


class DirectoryMessage(EventMessage):
    """A fact of the configuration (`vn.tiendo.directory.….v1`), keyed by what it is about."""


class PublicationMessage(EventMessage):
    """A fact of a publication (`vn.tiendo.publication.….v1`), keyed by the id of the publication."""


def event_of(value: dict[str, Any]) -> dict[str, Any]:
    """The CloudEvent as it was accepted, from the JSON value of a message."""
    event = value.copy()
    for name in PLACE_ATTRIBUTES:
        event.pop(name, None)
    return event


def digest_holds(value: dict[str, Any]) -> bool:
    """Whether the event in the JSON value of a message is the one that the log's digest is of (a stub cannot be told).

    It never is for a value that no log accepts: NaN, integers beyond 64 bits, some hundred levels of nesting.
    """
    if value.get("dataref") is not None and "data" not in value:
        return True
    event, claimed = event_of(value), value.get("digest")
    try:
        # Most events are plain, and to be told faster; what does not agree is looked at with care.
        return digest_of_plain(event).hex() == claimed or digest(event).hex() == claimed
    except (TypeError, ValueError):
        return False
