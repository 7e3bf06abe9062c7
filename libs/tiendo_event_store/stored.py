"""Events as the log holds them, and as they are handed to it."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec import Struct

from tiendo_contracts.directory import definition_of
from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_contracts.events.house_facts import UnknownHouseTypeError, is_of_the_house
from tiendo_contracts.shards import shard_of
from tiendo_contracts.texts.canonical_json import digest
from tiendo_domain.facts import EventKey
from tiendo_event_store.appending.salts import salts


class StoredEvent(Struct, frozen=True, gc=False):
    """An event in the log. Of what this log accepted itself `ingested_at` (UTC) never falls as positions rise, unless the clock was set back by minutes.

    `shard` is None for a fact of the directory or of the house. `text` is the CloudEvent as it was accepted. `log_id` is the log that accepted it, whose
    `ingested_at` it is; None for this log.
    """

    position: int
    ingested_at: datetime
    source: str
    id: str
    subject: str
    type: str
    shard: int | None
    text: str
    log_id: UUID | None = None


class ProvenEvent(Struct, frozen=True, gc=False):
    """An event as it is shown at its place in the log: with what proves it.

    Of a redacted event `redacted` names the members that are, `commitment` is what it was bound by, and `digest` and `salt` are None;
    of all others it is the other way round.
    """

    position: int
    ingested_at: datetime
    text: str
    digest: bytes | None
    salt: bytes | None
    commitment: bytes | None = None
    redacted: Sequence[str] | None = None


class ToldGroup(Struct, frozen=True, kw_only=True, gc=False):
    """What is told of codes that were ever joined, by position: of one case, or of several where a join was annulled."""

    codes: frozenset[str]
    events: Sequence[StoredEvent]


class Candidate(Struct, frozen=True, kw_only=True, gc=False):
    """What the log needs of an event to store it."""

    source: str
    id: str
    subject: str
    type: str
    shard: int | None
    digest: bytes
    text: str


def columns_of(events: Sequence[Candidate]) -> tuple[object, ...]:
    """What the database's functions take of the events that they append: a list for each column, and a new salt for each event."""
    return (
        [event.source for event in events],
        [event.id for event in events],
        [event.subject for event in events],
        [event.type for event in events],
        [event.shard for event in events],
        [event.digest for event in events],
        [event.text for event in events],
        salts(len(events)),
    )


def case_candidate(event: AcceptedEvent) -> Candidate:
    """The candidate of an accepted event of a case."""
    return Candidate(
        source=event.source,
        id=event.id,
        subject=event.case_id,
        type=event.type,
        shard=shard_of(event.case_id),
        digest=event.digest,
        text=event.text,
    )


def directory_candidate(event: Mapping[str, Any]) -> Candidate:
    """The candidate of a directory fact as `directory_event` makes it.

    Raises `UnknownDirectoryTypeError`, or pydantic's ValidationError, for one that could not be read back.
    """
    definition_of(event["type"], event["data"])
    return _of_no_case(event)


def house_candidate(event: Mapping[str, Any]) -> Candidate:
    """The candidate of a fact of the house as `house_event` makes it. Raises `UnknownHouseTypeError` for another event."""
    if not is_of_the_house(event["type"]):
        raise UnknownHouseTypeError(event["type"])
    return _of_no_case(event)


def _of_no_case(event: Mapping[str, Any]) -> Candidate:
    return Candidate(
        source=event["source"],
        id=event["id"],
        subject=event["subject"],
        type=event["type"],
        shard=None,
        digest=digest(event),
        text=json.dumps(event, ensure_ascii=False, separators=(",", ":")),
    )


class ToldEvent(Struct, frozen=True, kw_only=True):
    """Of which case an event is, and what it tells; `annuls` is the key of what a correction annuls, None for all others."""

    case_id: str
    type: str
    annuls: EventKey | None = None
