"""Events too large for the broker: their messages are stubs, and they themselves are fetched over HTTP."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from msgspec.structs import replace

from tiendo_client.api import TiendoApi
from tiendo_client.errors import ApiError
from tiendo_contracts.canonical_json import digest
from tiendo_event_store.followed_appending import FollowedEvent
from tiendo_projector.errors import StubNotFetched
from tiendo_projector.over_kafka.records import ReceivedEvent
from tiendo_runtime.settings import Settings

Whole = Callable[[ReceivedEvent], Awaitable[FollowedEvent]]


@asynccontextmanager
async def whole_events(settings: Settings) -> AsyncIterator[Whole]:
    """A function that gives the event of what was received, from the API of the settings where it is a stub. It raises StubNotFetched."""
    if settings.api_url is None or settings.api_key is None:
        yield _whole_or_refused
        return
    async with TiendoApi(settings.api_url, settings.api_key.get_secret_value()) as api:

        async def whole(one: ReceivedEvent) -> FollowedEvent:
            return one.event if one.dataref is None else await _fetched(one, api)

        yield whole


async def _whole_or_refused(one: ReceivedEvent) -> FollowedEvent:
    if one.dataref is None:
        return one.event
    raise StubNotFetched(one.place.log_id, one.place.position, "no address is set")


async def _fetched(one: ReceivedEvent, api: TiendoApi) -> FollowedEvent:
    log_id, position = one.place.log_id, one.place.position
    try:
        entry = await api.event_at(position)
    except ApiError as error:
        raise StubNotFetched(log_id, position, str(error)) from error
    if entry is None or entry.position != position or digest(entry.event) != one.event.digest:
        raise StubNotFetched(
            log_id, position, "the event there is not the one that the message is of: is it another log?"
        )
    return replace(one.event, text=json.dumps(entry.event, ensure_ascii=False, separators=(",", ":")))
