"""From the bytes of a record to the event that it carries, with the text that was once accepted."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from aiokafka import ConsumerRecord
from pydantic_core import from_json

from tiendo_contracts.directory import UnknownDirectoryTypeError, directory_fact
from tiendo_contracts.events.event_types import DIRECTORY_TYPE_PREFIX
from tiendo_contracts.messages import MessageInvalid, Place, redacted_members
from tiendo_contracts.messages.events import PLACE_ATTRIBUTES, digest_holds
from tiendo_contracts.messages.places import NUMBER_MAX
from tiendo_contracts.problems.problem_kinds import Refusal
from tiendo_contracts.shards import shard_of
from tiendo_contracts.texts.strict_json import members
from tiendo_domain.member_rules import ID_LENGTH_MAX
from tiendo_event_store.followed.followed_appending import FollowedEvent
from tiendo_projector.errors import FactOfNewerVersion

_KEYS = ("source", "id", "subject", "type")
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedEvent:
    """An event and its place. With `dataref` it is a stub: `event` lacks its text, which is to be had there.

    `redacted` names the members whose text its own log has taken out. `replaces`: it takes the place of what was received before.
    """

    place: Place
    event: FollowedEvent
    dataref: str | None
    redacted: Sequence[str] = ()
    replaces: bool = False


def received(record: ConsumerRecord[bytes, bytes], *, of_cases: bool) -> ReceivedEvent:
    """The event that a record carries; `of_cases`, or of the directory. The digest has been checked.

    Raises MessageInvalid for whatever no log can have accepted, and FactOfNewerVersion.
    """
    try:
        one = _received(record, _value(record.value or b""), of_cases=of_cases)
        _check(one.event, one.place)
        if not of_cases and one.dataref is None:
            _check_fact(one.event)
    except (MessageInvalid, FactOfNewerVersion):
        raise
    except (AttributeError, KeyError, OverflowError, RecursionError, Refusal, TypeError, ValueError) as error:
        raise MessageInvalid(f"{type(error).__name__}: {error}") from error
    return one


def _check(event: FollowedEvent, place: Place) -> None:
    """Return for an event that can be stored. Raises MessageInvalid."""
    if not (0 < place.position <= NUMBER_MAX and place.previous_position >= 0):
        raise MessageInvalid(f"position: {place.position} after {place.previous_position} is none")
    if event.ingested_at.tzinfo is None or event.ingested_at.astimezone(UTC) < _EARLIEST:
        raise MessageInvalid("ingestedat: an instant with an offset is expected")
    for name, value in zip(_KEYS, (event.source, event.id, event.subject, event.type), strict=True):
        if not isinstance(value, str) or not 0 < len(value) <= ID_LENGTH_MAX or "\x00" in value:
            raise MessageInvalid(f"{name}: a text of at most {ID_LENGTH_MAX} characters is expected")


def _check_fact(event: FollowedEvent) -> None:
    """Return for a fact that can be read back. Raises FactOfNewerVersion, and what is raised for one that is no fact."""
    try:
        directory_fact(event.text, position=event.position, ingested_at=event.ingested_at)
    except UnknownDirectoryTypeError as error:
        if event.type.startswith(DIRECTORY_TYPE_PREFIX):
            raise FactOfNewerVersion(event.log_id, event.position, event.type) from error
        raise


def _value(value_bytes: bytes) -> dict[str, Any]:
    """The members of a message whose digest holds. Raises MessageInvalid, or what is raised for a value that is no message at all."""
    with suppress(
        ValueError
    ):  # the faster reader; where it disagrees, the one that every accepted event passed decides
        read: dict[str, Any] = from_json(value_bytes)
        if digest_holds(read):
            return read
    value: dict[str, Any] = json.loads(value_bytes)
    if not digest_holds(value):
        raise MessageInvalid("digest: the event is not the one that was accepted")
    return value


def _received(record: ConsumerRecord[bytes, bytes], value: dict[str, Any], *, of_cases: bool) -> ReceivedEvent:
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
        digest=bytes.fromhex(value["digest"]),
        text="" if dataref is not None else _accepted_text(record.value or b"", value),
    )
    return ReceivedEvent(place=place, event=event, dataref=dataref, redacted=redacted_members(record.headers))


def _accepted_text(value_bytes: bytes, value: dict[str, Any]) -> str:
    """The text as it was accepted: without the members that were spliced in, which our relay puts last."""
    text = value_bytes.decode()
    last = (
        f',"logid":"{value["logid"]}","position":"{value["position"]}","previousposition":"{value["previousposition"]}",'
        f'"ingestedat":"{value["ingestedat"]}","digest":"{value["digest"]}"}}'
    )
    if text.endswith(last):
        return text[: -len(last)] + "}"
    return "{" + ",".join(part for name, part in members(text) if name not in PLACE_ATTRIBUTES) + "}"


@lru_cache(maxsize=1024)
def _log_id(text: str) -> UUID:
    return UUID(text)
