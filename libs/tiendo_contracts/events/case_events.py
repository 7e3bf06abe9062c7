"""Events of cases as the outside sends them: CloudEvents 1.0, checked member by member."""

import json
from collections.abc import Mapping
from typing import Any

import msgspec

from tiendo_contracts.events.accepted import AcceptedEvent
from tiendo_contracts.events.envelope import ENTERED_BY, STORED, faults_of
from tiendo_contracts.events.event_types import CORRECTED_TYPE, SUBJECT_LENGTH_MAX, event_type
from tiendo_contracts.events.plain_events import plain_event
from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal, together
from tiendo_contracts.texts.canonical_json import digest, digest_of_plain
from tiendo_contracts.texts.instant_texts import read_instant
from tiendo_contracts.texts.strict_json import Json, decode, members, parse_text
from tiendo_domain.facts import EventKey, Joined
from tiendo_domain.member_rules import ID_LENGTH_MAX

__all__ = [
    "EVENT_SIZE_MAX",
    "AcceptedEvent",
    "accept",
    "accept_carefully",
    "accept_text",
    "entered",
    "joined_alias",
    "same_content",
    "shown_id",
    "too_large",
]

EVENT_SIZE_MAX = 64 * 1024

_JOINED = event_type(Joined)
_NOT_COMPARED = frozenset({"traceparent", ENTERED_BY})


def accept_text(text: bytes | str) -> AcceptedEvent:
    """The event that one JSON text holds; raises `Refusal`."""
    if isinstance(text, str):
        try:
            text = text.encode()
        except UnicodeEncodeError:
            raise Refusal(ProblemKind.JSON_LONE_SURROGATE) from None
    if len(text) > EVENT_SIZE_MAX:
        raise too_large(len(text))
    return plain_event(text) or accept_carefully(text)


def accept_carefully(text: bytes) -> AcceptedEvent:
    """The event that one JSON text holds, checked member by member; raises `Refusal`."""
    characters = decode(text)
    return accept(parse_text(characters), text=characters)


def too_large(size: int) -> Refusal:
    """The refusal of an event of that many bytes."""
    return Refusal(ProblemKind.EVENT_TOO_LARGE, values={"size": size, "limit": EVENT_SIZE_MAX})


def accept(value: Json, *, text: str) -> AcceptedEvent:
    """The event whose strictly parsed JSON value and text are given; raises `Refusal`, which carries all that is wrong with it.

    Stored is the text as it stands, without the white space around it. Envelope members that the contract ignores (and those that are null,
    which CloudEvents holds equal to absent) are neither stored nor compared: where there are such, the other members are stored, each as it stands.
    """
    if not isinstance(value, dict):
        raise Refusal(ProblemKind.EVENT_NOT_AN_OBJECT)
    kept = value
    if not value.keys() <= STORED or None in value.values():
        kept = {name: member for name, member in value.items() if name in STORED and member is not None}
        text = "{" + ",".join(part for name, part in members(text) if name in kept) + "}"
    if faults := list(faults_of(value, kept)):
        raise together(faults)
    return AcceptedEvent(
        source=kept["source"],
        id=kept["id"],
        case_id=kept["subject"],
        type=kept["type"],
        occurred_at=read_instant(kept["time"]),
        recorded_at=read_instant(kept["recordedat"]) if "recordedat" in kept else None,
        annuls=_annulled(kept),
        digest=digest_of_plain(kept),
        text=text.strip(" \t\r\n"),
    )


def same_content(text: str, other: str) -> bool:
    """Whether two stored texts of other digest have the same content: how an event came, and who entered it, is not compared."""
    return _compared(text) == _compared(other)


def _compared(text: str) -> bytes:
    return digest({name: member for name, member in json.loads(text).items() if name not in _NOT_COMPARED})


def entered(event: AcceptedEvent, *, by: str, decider_id: str | None = None) -> AcceptedEvent:
    """The same event with the name of who entered it in the envelope's extension `enteredby`, which nobody can send.

    `decider_id`: the id of whoever decides, for a decision that names its decider without one.
    """
    value = json.loads(event.text)
    if decider_id is not None:
        decider = value["data"]["decided_by"]
        decider["id"] = (decider.get("id") or "").strip() or decider_id
    value[ENTERED_BY] = by
    return msgspec.structs.replace(
        event, digest=digest(value), text=json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    )


def joined_alias(event_type: str, text: str) -> str | None:
    """The other code that an event gives to its case (rule N4); None for an event of another type, and for one that no door took."""
    if event_type != _JOINED:
        return None
    try:
        alias = json.loads(text)["data"]["alias"]
    except (ValueError, LookupError, TypeError):
        return None
    return alias if isinstance(alias, str) and 0 < len(alias) <= SUBJECT_LENGTH_MAX and "\x00" not in alias else None


def shown_id(value: object) -> str | None:
    """The id of an event that may be malformed, for the answer to its sender; None where there is none worth showing."""
    event_id = value.get("id") if isinstance(value, dict) else None
    return event_id if isinstance(event_id, str) and 0 < len(event_id) <= ID_LENGTH_MAX else None


def _annulled(kept: Mapping[str, Any]) -> EventKey | None:
    if kept["type"] != CORRECTED_TYPE:
        return None
    annuls = kept["data"]["annuls"]
    return EventKey(source=annuls["source"], id=annuls["id"])
