"""Messages that were too large for the broker, made whole from the HTTP API."""

from typing import TypeVar

from tiendo_client.api import TiendoApi
from tiendo_client.errors import StubUnresolved
from tiendo_contracts.messages import (
    CaseTimelineMessage,
    CaseTimelineState,
    DelayAttributionsState,
    EventMessage,
    StateMessage,
)
from tiendo_contracts.texts.canonical_json import digest

S = TypeVar("S", bound=EventMessage | StateMessage)


class StubResolver:
    """Makes stubs whole: an event as the log holds it, checked against its digest; a state as of the message's own instant."""

    def __init__(self, api: TiendoApi) -> None:
        self._api = api

    async def __call__(self, message: S) -> S:
        """The message with its `data`; as it is if it is no stub. Raises StubUnresolved, ApiError."""
        if message.dataref is None:
            return message
        if isinstance(message, EventMessage):
            return message.model_copy(update={"data": await self._data(message, message.dataref)})
        return message.model_copy(update={"data": await self._state(message)})

    async def _data(self, message: EventMessage, dataref: str) -> object:
        entry = await self._api.event_at(message.position)
        if entry is None or entry.position != message.position:
            raise StubUnresolved(dataref, f"the log has no event at position {message.position}: is it another log?")
        # Of what was redacted since, the digest that the message has is gone with the text.
        if entry.redacted is None and digest(entry.event).hex() != message.digest:
            raise StubUnresolved(dataref, "the event is not the one that the digest is of: is it another log?")
        return entry.event.get("data")

    async def _state(self, message: StateMessage) -> CaseTimelineState | DelayAttributionsState:
        answer = await self._api.timeline(message.subject, as_of=message.time, min_position=message.position)
        found = answer.model_dump(by_alias=True)
        if isinstance(message, CaseTimelineMessage):
            return CaseTimelineState.model_validate(found)
        return DelayAttributionsState.model_validate(found)
