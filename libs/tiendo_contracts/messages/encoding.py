"""Messages as bytes: key, value and headers of a Kafka record.

The value is the CloudEvent in structured mode (`content-type: application/cloudevents+json`); its context attributes stand in `ce_*` headers
as well (CloudEvents' Kafka binding, 3.3.3), so that a reader can sort messages without parsing them. The text of an event is passed on as it
was accepted, byte by byte: `1.10` stays `1.10`, an escape an escape. What of it was redacted since, the header `redacted` names.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote
from uuid import UUID

from tiendo_contracts.messages.places import Place, Version
from tiendo_contracts.messages.states import CaseState, CaseTimelineState

REDACTED_HEADER = "redacted"
"""Names, separated by commas, the members whose text was taken out of the log: the message takes the place of what was sent at its position.

It is no attribute: a reader of an earlier release, whose digest is of all members that it does not know, reads the message as before.
"""

CONTENT_TYPE = b"application/cloudevents+json; charset=UTF-8"
_CONTENT_TYPE_HEADER = ("content-type", CONTENT_TYPE)
_quoted = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


@dataclass(frozen=True, slots=True)
class Record:
    """A Kafka record to be sent."""

    key: bytes
    value: bytes
    headers: Sequence[tuple[str, bytes]]

    @property
    def size(self) -> int:
        """Its bytes, without what the protocol adds."""
        return len(self.key) + len(self.value) + sum(len(name) + len(value) for name, value in self.headers)


def event_record(
    text: str,
    attributes: Mapping[str, str],
    *,
    place: Place,
    ingested_at: str,
    digest: str,
    redacted: Sequence[str] = (),
) -> Record:
    """The record of an event: `text` as accepted, `attributes` all its context attributes (`specversion`, `id`, `source`, `type`, `subject`, `time`, …).

    `ingested_at` is RFC 3339 in UTC, `digest` hexadecimal; neither is escaped. `redacted` are the members whose text was replaced since.
    """
    log_id, log_id_header = _log_name(place.log_id)
    position, previous = str(place.position), str(place.previous_position)
    # Built by hand, for this runs once an event: the values have no character that JSON would escape.
    value = (
        f'{text.rstrip()[:-1]},"logid":"{log_id}","position":"{position}","previousposition":"{previous}",'
        f'"ingestedat":"{ingested_at}","digest":"{digest}"}}'
    )
    headers = _headers(attributes)
    headers += (
        log_id_header,
        ("ce_position", position.encode()),
        ("ce_previousposition", previous.encode()),
        ("ce_ingestedat", ingested_at.encode()),
        ("ce_digest", digest.encode()),
        *_redacted_header(redacted),
    )
    return Record(attributes["subject"].encode(), value.encode(), headers)


def redacted_members(headers: Iterable[tuple[str, bytes]]) -> tuple[str, ...]:
    """The members of an event that a record's headers name as redacted; none of most events."""
    for name, value in headers:
        if name == REDACTED_HEADER:
            return tuple(value.decode("utf-8", "replace").split(","))
    return ()


def event_stub(
    attributes: Mapping[str, str], *, place: Place, ingested_at: str, digest: str, redacted: Sequence[str] = ()
) -> Record:
    """The record that takes the place of an event too large for the broker: everything but `data`, and where the event is.

    Arguments as of `event_record`. `dataref` is the page of tiendo's log whose one entry is the event.
    """
    everything = {
        **attributes,
        "logid": str(place.log_id),
        "position": str(place.position),
        "previousposition": str(place.previous_position),
        "ingestedat": ingested_at,
        "digest": digest,
        "dataref": f"/v1/events?after={place.position - 1}&limit=1",
    }
    headers = [*_headers(everything), *_redacted_header(redacted)]
    return Record(attributes["subject"].encode(), _quoted(everything).encode(), headers)


def state_record(state: CaseState, *, log_id: UUID, version: Version, agency: str | None = None) -> Record:
    """The record of a case's state, of the type that the state is of.

    `agency` is the unit whose agency the state is made for: what it may see is another message than what all may see, and so has a
    `source` of its own (CloudEvents: no two messages share `source` and `id`).
    """
    attributes = _state_attributes(state, log_id, version, agency)
    data = state.model_dump_json(by_alias=True)
    value = f'{_quoted(attributes)[:-1]},"data":{data}}}'
    return Record(state.case_id.encode(), value.encode(), _headers(attributes))


def state_stub(state: CaseState, *, log_id: UUID, version: Version, agency: str | None = None) -> Record:
    """The record that takes the place of a state too large for the broker; arguments as of `state_record`.

    `dataref` is the case's timeline at the instant that the state shows.
    """
    attributes = _state_attributes(state, log_id, version, agency)
    at = "" if state.as_of is None else f"?as_of={quote(state.as_of, safe='')}"
    attributes["dataref"] = f"/v1/cases/{quote(state.case_id, safe='')}/timeline{at}"
    return Record(state.case_id.encode(), _quoted(attributes).encode(), _headers(attributes))


def _state_attributes(state: CaseState, log_id: UUID, version: Version, agency: str | None) -> dict[str, str]:
    kind = "case-timeline" if isinstance(state, CaseTimelineState) else "delay-attributions"
    time = {} if state.as_of is None else {"time": state.as_of}
    audience = "" if agency is None else f"/agencies/{quote(agency, safe='')}"
    return {
        "specversion": "1.0",
        "id": f"{kind}:{version.build}:{version.position}:{version.revision}:{state.case_id}",
        "source": f"/tiendo/logs/{log_id}{audience}",
        "type": f"vn.tiendo.{kind}.v1",
        "subject": state.case_id,
        **time,
        "datacontenttype": "application/json",
        "logid": str(log_id),
        "build": str(version.build),
        "position": str(version.position),
        "revision": str(version.revision),
    }


def _headers(attributes: Mapping[str, str]) -> list[tuple[str, bytes]]:
    """`content-type` and the attributes; `datacontenttype` is none of the headers: in the binding it would be the `content-type`."""
    headers = [_CONTENT_TYPE_HEADER]
    headers += [
        (_HEADER_NAMES.get(name) or f"ce_{name}", value.encode())
        for name, value in attributes.items()
        if name != "datacontenttype"
    ]
    return headers


def _redacted_header(members: Sequence[str]) -> list[tuple[str, bytes]]:
    return [(REDACTED_HEADER, ",".join(members).encode())] if members else []


@lru_cache(maxsize=16)
def _log_name(log_id: UUID) -> tuple[str, tuple[str, bytes]]:
    """The log's name as text and as a header: the same for millions of messages."""
    name = str(log_id)
    return name, ("ce_logid", name.encode())


_HEADER_NAMES = {
    name: f"ce_{name}" for name in ("specversion", "id", "source", "type", "subject", "time", "recordedat", "sequence")
}
