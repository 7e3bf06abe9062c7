"""What the services' processes run: the web service with its parts, the projector, the relay, the notifier, and the poller.

Each process imports the service that it runs and no other: to load them all would take a second of each start, and their memory.
"""

import asyncio
import gc
import socket
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Final

import tiendo_migrations
from tiendo_contracts.database.database_roles import OWNER
from tiendo_migrations import SchemaState
from tiendo_runtime.database_urls import login_url
from tiendo_runtime.embedded import running_database
from tiendo_runtime.errors import SchemaNotCurrent
from tiendo_runtime.settings import Settings
from tiendo_runtime.stop_aware_waiting import Stopped, run_until

if TYPE_CHECKING:
    from tiendo_sources.igate.configuration import GatewayConfiguration

_PARTS: Final = {
    "ingest": ("tiendo_ingest",),
    "query": ("tiendo_query",),
    "web": ("tiendo_ingest", "tiendo_query"),
}
"""Service -> the packages whose parts it serves."""


class Service(StrEnum):
    """What `tiendo serve` runs; `web` is ingest and query on one port."""

    INGEST = "ingest"
    QUERY = "query"
    WEB = "web"
    PROJECTOR = "projector"
    RELAY = "relay"
    IGATE = "igate"
    NOTIFIER = "notifier"
    DIGEST = "digest"


class ProjectorSource(StrEnum):
    """Where a projector takes events from: the database's own log, or topics of other logs."""

    LOG = "log"
    KAFKA = "kafka"


Run = Callable[[str, asyncio.Event], Awaitable[None]]
"""A service on the database with this address, until the event is set."""


def work_of(
    service: Service,
    settings: Settings,
    descriptor: int | None,
    *,
    supervised: bool,
    source: ProjectorSource = ProjectorSource.LOG,
    gateway: "GatewayConfiguration | None" = None,
) -> Callable[[asyncio.Event], Awaitable[None]]:
    """The work of a service's process, until its event is set; `descriptor` is a listening socket that it inherited.

    A relay that is `supervised` stays when it must not go on, for the other services have to. `gateway` is what the poller of iGate polls.
    """
    if service is Service.PROJECTOR:
        run = _projector(settings, source)
    elif service is Service.RELAY:
        run = _relay(settings, supervised=supervised)
    elif service is Service.NOTIFIER:
        run = _notifier(settings)
    elif service is Service.DIGEST:
        run = _digest(settings)
    elif service is Service.IGATE:
        assert gateway is not None  # noqa: S101 - the command asks for its file
        run = _poller(settings, gateway)
    else:
        run = _web(settings, _PARTS[service], descriptor)

    async def work(stop: asyncio.Event) -> None:
        async with AsyncExitStack() as opened:
            try:
                url = await run_until(stop, opened.enter_async_context(running_database(settings)))
                await run_until(stop, _check_schema(url))
            except Stopped:
                return
            await run(url, stop)

    return work


def _projector(settings: Settings, source: ProjectorSource) -> Run:
    import tiendo_projector

    run = tiendo_projector.run if source is ProjectorSource.LOG else tiendo_projector.run_over_kafka
    return lambda url, stop: run(settings, url, stop)


def _relay(settings: Settings, *, supervised: bool) -> Run:
    import tiendo_relay

    return lambda url, stop: tiendo_relay.run(settings, url, stop, patient=supervised)


def _notifier(settings: Settings) -> Run:
    import tiendo_notifier

    return lambda url, stop: tiendo_notifier.run(settings, url, stop)


def _digest(settings: Settings) -> Run:
    from tiendo_cli import digest_sending

    return lambda url, stop: digest_sending.run(settings, url, stop)


def _poller(settings: Settings, gateway: "GatewayConfiguration") -> Run:
    import tiendo_poller

    return lambda url, stop: tiendo_poller.run(settings, url, stop, gateway)


def _web(settings: Settings, packages: Sequence[str], descriptor: int | None) -> Run:
    from tiendo_runtime.listening import listen
    from tiendo_runtime.serving import serve_http
    from tiendo_runtime.web import create_service

    parts = [import_module(name).part() for name in packages]

    async def run(url: str, stop: asyncio.Event) -> None:
        listening = listen(settings.host, settings.port) if descriptor is None else socket.socket(fileno=descriptor)
        with listening:
            app = create_service(parts, settings, url)
            # What is loaded by now stays: looking through it for cycles again and again would stop all answers each time.
            gc.collect()
            gc.freeze()
            await serve_http(app, listening, stop)

    return run


async def _check_schema(url: str) -> None:
    """Refuse to work on a database of another version. Raises SchemaNotCurrent."""
    state = await tiendo_migrations.check(login_url(url, OWNER))
    if state is SchemaState.BEHIND:
        raise SchemaNotCurrent("the database is older than this version of tiendo: run `tiendo migrate` first")
    if state is SchemaState.NEWER:
        raise SchemaNotCurrent(
            "the database was made by a newer version of tiendo: install that version, or a newer one"
        )
