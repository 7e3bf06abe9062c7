"""Messages read back from the bytes of a record."""

import json

from pydantic import ValidationError

from tiendo_contracts.messages.events import CaseEventMessage, DirectoryMessage, EventMessage, digest_holds
from tiendo_contracts.messages.states import CaseTimelineMessage, DelayAttributionsMessage
from tiendo_contracts.messages.topics import TopicKind

_MODELS: dict[
    TopicKind,
    type[CaseEventMessage] | type[DirectoryMessage] | type[CaseTimelineMessage] | type[DelayAttributionsMessage],
] = {
    TopicKind.CASE_EVENTS: CaseEventMessage,
    TopicKind.DIRECTORY: DirectoryMessage,
    TopicKind.CASE_TIMELINES: CaseTimelineMessage,
    TopicKind.DELAY_ATTRIBUTIONS: DelayAttributionsMessage,
}


class MessageInvalid(ValueError):  # noqa: N818 - it says what the message is
    """The bytes are no message of the topic; says what is wrong and where."""


def decode_message(
    kind: TopicKind, value: bytes
) -> CaseEventMessage | DirectoryMessage | CaseTimelineMessage | DelayAttributionsMessage:
    """The message that the value of a record on a topic of `kind` holds; of an event the digest has been checked. Raises MessageInvalid."""
    try:
        message = _MODELS[kind].model_validate_json(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the message"
        raise MessageInvalid(f"{where}: {first['msg']}") from None
    if isinstance(message, EventMessage) and not _holds(value):
        raise MessageInvalid(f"digest: the event at position {message.position} is not the one that was accepted")
    return message


def _holds(value: bytes) -> bool:
    try:
        return digest_holds(json.loads(value))
    except ValueError:  # no event that was ever accepted: NaN, half a surrogate pair
        return False
