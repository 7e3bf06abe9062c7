"""Records to look at, made as the relay makes them."""

import json
from typing import Any
from uuid import UUID

from tests.contracts.events import event, text_of

from tiendo_contracts.messages import (
    CaseTimelineState,
    DelayAttributionsState,
    Place,
    Record,
    Version,
    event_record,
    event_stub,
)
from tiendo_contracts.texts.canonical_json import digest

LOG = UUID("6f1f0f6e-9a55-4f0f-8d1c-0a7e1a0c5b11")
PLACE = Place(log_id=LOG, position=4711, previous_position=4690)
VERSION = Version(build=3, position=4711, revision=90)
INGESTED_AT = "2022-08-15T01:05:13.123456Z"


def attributes_of(sent: dict[str, Any]) -> dict[str, str]:
    """The context attributes of an event."""
    return {name: value for name, value in sent.items() if name != "data"}


def record_of(text: str, *, place: Place = PLACE) -> Record:
    """The record of the event that the text holds, its digest the true one."""
    sent = json.loads(text)
    return event_record(text, attributes_of(sent), place=place, ingested_at=INGESTED_AT, digest=digest(sent).hex())


def stub_of(sent: dict[str, Any]) -> Record:
    """The record of an event that is too large."""
    return event_stub(attributes_of(sent), place=PLACE, ingested_at=INGESTED_AT, digest=digest(sent).hex())


def usual_record() -> Record:
    """The record of a reception with every member that it may have."""
    return record_of(text_of(event()))


def timeline_of(answer: dict[str, Any]) -> CaseTimelineState:
    """The state that says what an answer of the query API says."""
    return CaseTimelineState.model_validate(answer)


def attributions_of(answer: dict[str, Any]) -> DelayAttributionsState:
    """The shares of the case of an answer of the query API."""
    return DelayAttributionsState.model_validate(answer)
