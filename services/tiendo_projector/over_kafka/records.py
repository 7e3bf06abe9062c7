"""From the bytes of a record to the event that it carries, with the text that was once accepted."""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from aiokafka import ConsumerRecord

from tiendo_contracts.messages import MessageInvalid, Place
from tiendo_contracts.messages.events import PLACE_ATTRIBUTES, digest_holds
from tiendo_contracts.strict_json import members
from tiendo_event_store import shard_of
from tiendo_event_store.followed import FollowedEvent

_LAST_MEMBERS = ',"logid":"{logid}","position":"{position}","previousposition":"{previousposition}",'
_LAST_MEMBERS += '"ingestedat":"{ingestedat}","digest":"{digest}"}}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """An event and its place. With `dataref` it is a stub: `event` lacks its text, which is to be had there."""

    place: Place
    event: FollowedEvent
    dataref: str | None
    digest: str


def received(record: ConsumerRecord[bytes, bytes], *, of_cases: bool) -> Received:
    """The event that a record carries; `of_cases`, or of the directory. Raises MessageInvalid; the digest has been checked."""
    try:
        return _received(record, json.loads(record.value or b""), of_cases=of_cases)
    except MessageInvalid:
        raise
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise MessageInvalid(f"{type(error).__name__}: {error}") from error


def _received(record: ConsumerRecord[bytes, bytes], value: dict[str, Any], *, of_cases: bool) -> Received:
    if not digest_holds(value):
        raise MessageInvalid("digest: the event is not the one that was accepted")
    subject = value["subject"]
    if record.key != subject.encode():
        raise MessageInvalid("the key of the record is not the subject of the event")
    place = Place(
        log_id=_log_id(value["logid"]),
        position=int(value["position"]),
        previous_position=int(value["previousposition"]),
    )
    dataref = value.get("dataref") if "data" not in value else None
    event = FollowedEvent(
        log_id=place.log_id,
        position=place.position,
        source=value["source"],
        id=value["id"],
        subject=subject,
        type=value["type"],
        shard=shard_of(subject) if of_cases else None,
        ingested_at=datetime.fromisoformat(value["ingestedat"]),
        text="" if dataref is not None else _accepted_text(record.value or b"", value),
    )
    return Received(place=place, event=event, dataref=dataref, digest=value["digest"])


def _accepted_text(value_bytes: bytes, value: dict[str, Any]) -> str:
    """The text as it was accepted: without the members that were spliced in, which our relay puts last."""
    text = value_bytes.decode()
    last = _LAST_MEMBERS.format_map(value)
    if text.endswith(last):
        return text[: -len(last)] + "}"
    return "{" + ",".join(part for name, part in members(text) if name not in PLACE_ATTRIBUTES) + "}"


@lru_cache(maxsize=1024)
def _log_id(text: str) -> UUID:
    return UUID(text)
