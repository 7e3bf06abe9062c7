"""Events too large for the broker: their messages are stubs, and they themselves are fetched over HTTP."""

import dataclasses
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from msgspec.structs import replace

from tiendo_client.api import TiendoApi
from tiendo_client.errors import ApiError
from tiendo_contracts.texts.canonical_json import digest
from tiendo_projector.errors import StubNotFetched
from tiendo_projector.over_kafka.records import ReceivedEvent
from tiendo_runtime.settings import Settings

Whole = Callable[[ReceivedEvent], Awaitable[ReceivedEvent]]


@asynccontextmanager
async def whole_events(settings: Settings) -> AsyncIterator[Whole]:
    """A function that makes whole what was received, from the API of the settings where it is a stub. It raises StubNotFetched."""
    if settings.api_url is None or settings.api_key is None:
        yield _whole_or_refused
        return
    async with TiendoApi(settings.api_url, settings.api_key.get_secret_value()) as api:

        async def whole(one: ReceivedEvent) -> ReceivedEvent:
            return one if one.dataref is None or one.replaces else await _fetched(one, api)

        yield whole


async def _whole_or_refused(one: ReceivedEvent) -> ReceivedEvent:
    if one.dataref is None or one.replaces:
        return one
    raise StubNotFetched(one.place.log_id, one.place.position, "no address is set")


async def _fetched(one: ReceivedEvent, api: TiendoApi) -> ReceivedEvent:
    log_id, position = one.place.log_id, one.place.position
    try:
        entry = await api.event_at(position)
    except ApiError as error:
        raise StubNotFetched(log_id, position, str(error)) from error
    fits = entry is not None and entry.position == position
    if entry is None or not fits or (entry.redacted is None and digest(entry.event) != one.event.digest):
        raise StubNotFetched(
            log_id, position, "the event there is not the one that the message is of: is it another log?"
        )
    text = json.dumps(entry.event, ensure_ascii=False, separators=(",", ":"))
    return dataclasses.replace(one, event=replace(one.event, text=text, digest=digest(entry.event)))
