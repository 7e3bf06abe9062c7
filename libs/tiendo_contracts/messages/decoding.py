"""Messages read back from the bytes of a record."""

from typing import TypeVar

import orjson
from pydantic import ValidationError

from tiendo_contracts.messages.events import (
    CaseEventMessage,
    DirectoryMessage,
    EventMessage,
    PublicationMessage,
    digest_holds,
)
from tiendo_contracts.messages.places import FROM_JSON
from tiendo_contracts.messages.states import CaseTimelineMessage, DelayAttributionsMessage
from tiendo_contracts.messages.topics import TopicKind

_Event = TypeVar("_Event", bound=EventMessage)
_MODELS: dict[
    TopicKind,
    type[CaseEventMessage]
    | type[DirectoryMessage]
    | type[PublicationMessage]
    | type[CaseTimelineMessage]
    | type[DelayAttributionsMessage],
] = {
    TopicKind.CASE_EVENTS: CaseEventMessage,
    TopicKind.DIRECTORY: DirectoryMessage,
    TopicKind.PUBLICATIONS: PublicationMessage,
    TopicKind.CASE_TIMELINES: CaseTimelineMessage,
    TopicKind.DELAY_ATTRIBUTIONS: DelayAttributionsMessage,
}


class MessageInvalid(ValueError):  # noqa: N818 - it says what the message is
    """The bytes are no message of the topic; says what is wrong and where."""


def decode_message(
    kind: TopicKind, value: bytes
) -> CaseEventMessage | DirectoryMessage | PublicationMessage | CaseTimelineMessage | DelayAttributionsMessage:
    """The message that the value of a record on a topic of `kind` holds; of an event the digest has been checked. Raises MessageInvalid."""
    model = _MODELS[kind]
    try:
        return _event(model, value) if issubclass(model, EventMessage) else model.model_validate_json(value)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "the message"
        raise MessageInvalid(f"{where}: {first['msg']}") from None


def _event(model: type[_Event], value: bytes) -> _Event:
    """The message of an event: read once, for the model and for the digest."""
    try:
        parsed = orjson.loads(value)
    except ValueError as error:
        raise MessageInvalid(f"the message: {error}") from None
    message = model.model_validate(parsed, context=FROM_JSON)
    if not digest_holds(parsed):
        raise MessageInvalid(f"digest: the event at position {message.position} is not the one that was accepted")
    return message
