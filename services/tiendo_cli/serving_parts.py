"""What the services' processes run: the web service with its parts, the projector, the relay, and the poller."""

import asyncio
import gc
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from enum import StrEnum

import tiendo_ingest
import tiendo_migrations
import tiendo_poller
import tiendo_projector
import tiendo_query
import tiendo_relay
from tiendo_migrations import SchemaState
from tiendo_runtime.embedded import running_database
from tiendo_runtime.errors import SchemaNotCurrent
from tiendo_runtime.serving import listen, serve_http
from tiendo_runtime.settings import Settings
from tiendo_runtime.stop_aware_waiting import Stopped, run_until
from tiendo_runtime.web import create_service
from tiendo_sources.igate.configuration import GatewayConfiguration

_PARTS = {
    "ingest": (tiendo_ingest.part,),
    "query": (tiendo_query.part,),
    "web": (tiendo_ingest.part, tiendo_query.part),
}


class Service(StrEnum):
    """What `tiendo serve` runs; `web` is ingest and query on one port."""

    INGEST = "ingest"
    QUERY = "query"
    WEB = "web"
    PROJECTOR = "projector"
    RELAY = "relay"
    IGATE = "igate"


class ProjectorSource(StrEnum):
    """Where a projector takes events from: the database's own log, or topics of other logs."""

    LOG = "log"
    KAFKA = "kafka"


def work_of(
    service: Service,
    settings: Settings,
    descriptor: int | None,
    *,
    supervised: bool,
    source: ProjectorSource = ProjectorSource.LOG,
    gateway: GatewayConfiguration | None = None,
) -> Callable[[asyncio.Event], Awaitable[None]]:
    """The work of a service's process, until its event is set; `descriptor` is a listening socket that it inherited.

    A relay that is `supervised` stays when it must not go on, for the other services have to. `gateway` is what the poller of iGate polls.
    """

    async def work(stop: asyncio.Event) -> None:
        async with AsyncExitStack() as opened:
            try:
                url = await run_until(stop, opened.enter_async_context(running_database(settings)))
                await run_until(stop, _check_schema(url))
            except Stopped:
                return
            if service is Service.PROJECTOR:
                run = tiendo_projector.run if source is ProjectorSource.LOG else tiendo_projector.run_over_kafka
                await run(settings, url, stop)
            elif service is Service.RELAY:
                await tiendo_relay.run(settings, url, stop, patient=supervised)
            elif service is Service.IGATE:
                assert gateway is not None  # noqa: S101 - the command asks for its file
                await tiendo_poller.run(settings, url, stop, gateway)
            else:
                await _serve(service, settings, url, stop, descriptor)

    return work


async def _serve(service: Service, settings: Settings, url: str, stop: asyncio.Event, descriptor: int | None) -> None:
    listening = listen(settings.host, settings.port) if descriptor is None else socket.socket(fileno=descriptor)
    with listening:
        app = create_service([make() for make in _PARTS[service]], settings, url)
        # What is loaded by now stays: looking through it for cycles again and again would stop all answers each time.
        gc.collect()
        gc.freeze()
        await serve_http(app, listening, stop)


async def _check_schema(url: str) -> None:
    """Refuse to work on a database of another version. Raises SchemaNotCurrent."""
    state = await tiendo_migrations.check(url)
    if state is SchemaState.BEHIND:
        raise SchemaNotCurrent("the database is older than this version of tiendo: run `tiendo migrate` first")
    if state is SchemaState.NEWER:
        raise SchemaNotCurrent(
            "the database was made by a newer version of tiendo: install that version, or a newer one"
        )
