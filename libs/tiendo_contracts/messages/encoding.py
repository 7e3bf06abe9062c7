"""Messages as bytes: key, value and headers of a Kafka record.

The value is the CloudEvent in structured mode (`content-type: application/cloudevents+json`); its context attributes stand in `ce_*` headers
as well, so that a reader can sort messages without parsing them. The text of an event is passed on as it was accepted.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from tiendo_contracts.messages.places import Place, Version
from tiendo_contracts.messages.states import CaseState, CaseTimelineState

CONTENT_TYPE = b"application/cloudevents+json; charset=UTF-8"
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


def event_record(text: str, attributes: Mapping[str, str], *, place: Place, ingested_at: str, digest: str) -> Record:
    """The record of an event: `text` as accepted, `attributes` its context attributes (`id`, `source`, `type`, `subject`, `time`, …).

    `ingested_at` is RFC 3339 in UTC, `digest` hexadecimal.
    """
    added = _place_attributes(place, ingested_at, digest)
    value = f"{text.rstrip()[:-1]},{_quoted(added)[1:]}"
    return Record(attributes["subject"].encode(), value.encode(), _headers({**attributes, **added}))


def event_stub(attributes: Mapping[str, str], *, place: Place, ingested_at: str, digest: str) -> Record:
    """The record that takes the place of an event too large for the broker: everything but `data`, and where the event is."""
    added = _place_attributes(place, ingested_at, digest)
    added["dataref"] = f"/v1/events?after={place.position - 1}&limit=1"
    everything = {**attributes, **added}
    return Record(attributes["subject"].encode(), _quoted(everything).encode(), _headers(everything))


def state_record(state: CaseState, *, log_id: UUID, version: Version) -> Record:
    """The record of a case's state, of the type that the state is of."""
    attributes = _state_attributes(state, log_id, version)
    data = state.model_dump_json(by_alias=True)
    value = f'{_quoted(attributes)[:-1]},"data":{data}}}'
    return Record(state.case_id.encode(), value.encode(), _headers(attributes))


def state_stub(state: CaseState, *, log_id: UUID, version: Version) -> Record:
    """The record that takes the place of a state too large for the broker."""
    attributes = _state_attributes(state, log_id, version)
    attributes["dataref"] = f"/v1/cases/{quote(state.case_id, safe='')}/timeline"
    return Record(state.case_id.encode(), _quoted(attributes).encode(), _headers(attributes))


def _place_attributes(place: Place, ingested_at: str, digest: str) -> dict[str, Any]:
    return {
        "logid": str(place.log_id),
        "position": str(place.position),
        "previousposition": str(place.previous_position),
        "ingestedat": ingested_at,
        "digest": digest,
    }


def _state_attributes(state: CaseState, log_id: UUID, version: Version) -> dict[str, str]:
    kind = "case-timeline" if isinstance(state, CaseTimelineState) else "delay-attributions"
    time = {} if state.as_of is None else {"time": state.as_of}
    return {
        "specversion": "1.0",
        "id": f"{kind}:{version.build}:{version.position}:{version.revision}:{state.case_id}",
        "source": f"/tiendo/logs/{log_id}",
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
    return [
        ("content-type", CONTENT_TYPE),
        *((f"ce_{name}", value.encode()) for name, value in attributes.items() if name != "datacontenttype"),
    ]
