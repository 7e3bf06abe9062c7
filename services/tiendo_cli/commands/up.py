"""`tiendo up`: everything on one machine, in the foreground, until interrupted."""

import asyncio
import socket
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import httpx
import structlog
import typer

from tiendo_cli.context import run_command
from tiendo_cli.interruption import AGAIN_SECONDS
from tiendo_cli.sign_in_addresses import sign_in_path
from tiendo_cli.supervision.children import ChildProgram, environment_of
from tiendo_cli.supervision.demo import Demonstration
from tiendo_cli.supervision.folder import end_leftovers, note_address, sole_supervisor
from tiendo_cli.supervision.starting import Prepared, prepare
from tiendo_cli.supervision.supervisor import Supervisor
from tiendo_cli.terminal import complain, say
from tiendo_runtime.embedded import Cluster, running_database
from tiendo_runtime.errors import RuntimeFault
from tiendo_runtime.journal import configure_journal
from tiendo_runtime.listening import address_of, listen
from tiendo_runtime.settings import PublicPages, Settings, load_settings
from tiendo_runtime.worker import end_at_the_latest, ending_signals

READY_SECONDS = 120.0
STOP_SECONDS = 30.0
"""How long a stop takes at most, PostgreSQL included."""

_POLL_SECONDS = 0.1
_PERIOD_OF_THE_DEMONSTRATION = "8 tháng đầu năm 2022=2022-01-01/2022-08-25"
"""The period of the dispatch whose situation is simulated."""

_journal = structlog.get_logger("tiendo.up")


def register(app: typer.Typer) -> None:
    """Add `tiendo up`."""
    app.command()(up)


def up(
    demo: Annotated[bool, typer.Option("--demo", help="Load the demonstration's data in the background.")] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on (TIENDO_HOST).")] = None,
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port to listen on, 0 for any that is free (TIENDO_PORT).")
    ] = None,
    rules: Annotated[Path | None, typer.Option(help="Rules file to apply at start (TIENDO_RULES).")] = None,
) -> None:
    """Run ingest, projector, query and pages on the embedded database, or on TIENDO_DATABASE_URL, until interrupted.

    Where TIENDO_KAFKA_BOOTSTRAP_SERVERS is set the relay runs as well, and its topics are made.
    """
    run_command(_up(demo=demo, host=host, port=port, rules=rules))


async def _up(*, demo: bool, host: str | None, port: int | None, rules: Path | None) -> int:
    settings = load_settings(host=host, port=port, rules=rules)
    if demo and settings.public_pages is None:
        settings = settings.model_copy(update={"public_pages": PublicPages.ON})
    if demo and not settings.periods:
        settings = settings.model_copy(update={"periods": _PERIOD_OF_THE_DEMONSTRATION})
    configure_journal(settings, process="up")
    stopping = _Stopping()
    try:
        with sole_supervisor(settings.data):
            left = await end_leftovers(settings.data)
            if left:
                complain(f"ended {left} processes that a killed `tiendo up` had left")
            with listen(settings.host, settings.port) as listening:
                note_address(settings.data, address_of(listening))
                async with running_database(settings, progress=complain) as url:
                    prepared = await prepare(settings, url)
                    if prepared.rules_changed:
                        complain(f"applied {settings.rules}: {', '.join(prepared.rules_changed)}")
                    stopping.in_order()
                    await _supervise(settings, prepared, listening, stopping.event, demo=demo)
    except asyncio.CancelledError:
        if not stopping.event.is_set():
            raise
    return 0


class _Stopping:
    """What SIGINT, SIGTERM and SIGHUP do: at first they interrupt the start, wherever it is; then they set the event."""

    def __init__(self) -> None:
        self.event = asyncio.Event()
        self._starting = asyncio.current_task()
        for number in ending_signals():
            asyncio.get_running_loop().add_signal_handler(number, self._asked)

    def in_order(self) -> None:
        """From now on everything is stopped in order."""
        self._starting = None

    def _asked(self) -> None:
        if not self.event.is_set():
            self.event.set()
            end_at_the_latest(STOP_SECONDS)
            self._interrupt_start()

    def _interrupt_start(self) -> None:
        """Cancel the start, again and again until it has ended: what it runs through may lose that word."""
        if self._starting is not None and not self._starting.done():
            self._starting.cancel()
            asyncio.get_running_loop().call_later(AGAIN_SECONDS, self._interrupt_start)


async def _supervise(
    settings: Settings, prepared: Prepared, listening: socket.socket, stop: asyncio.Event, *, demo: bool
) -> None:
    """Run the parts until `stop` is set. Raises RuntimeFault when one of them keeps ending."""
    environment = environment_of(settings)
    cluster = Cluster(data=settings.data) if settings.embedded else None
    with_relay = settings.kafka is not None
    further = [_relay(settings, environment)] if with_relay else []
    further += [] if settings.webhooks is None else [_notifier(settings, environment)]
    further += [_digest(environment)] if settings.digests is not None and settings.mail_host is not None else []
    supervisor = Supervisor(settings.data, [*_programs(listening, environment), *further], cluster)
    running = asyncio.ensure_future(supervisor.run(stop))
    making = asyncio.ensure_future(_make_topics(settings, stop)) if with_relay else None
    load = Demonstration(settings.data, prepared.log_id, environment, prepared.keys)
    welcoming = asyncio.ensure_future(_welcome(settings, prepared, listening, load if demo else None))
    try:
        await asyncio.wait({running, welcoming}, return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            welcoming.result()
            await asyncio.wait({running})
    finally:
        stop.set()
        beside = [task for task in (welcoming, making) if task is not None]
        for task in beside:
            task.cancel()
        await asyncio.gather(load.stop(), running, *beside, return_exceptions=True)
    running.result()


def _programs(listening: socket.socket, environment: dict[str, str]) -> list[ChildProgram]:
    descriptor = listening.fileno()
    web = ("serve", "web", "--socket-descriptor", str(descriptor))
    return [
        ChildProgram(name="web", arguments=web, descriptors=(descriptor,), environment=environment),
        ChildProgram(name="projector", arguments=("serve", "projector"), environment=environment),
    ]


def _digest(environment: dict[str, str]) -> ChildProgram:
    """What mails due cases each working morning; where it cannot, everything else goes on."""
    return ChildProgram(name="digest", arguments=("serve", "digest"), environment=environment, indispensable=False)


def _relay(settings: Settings, environment: dict[str, str]) -> ChildProgram:
    """The relay; its metrics are on the port after the projector's."""
    return _dispensable("relay", settings, environment, port_after=1)


def _notifier(settings: Settings, environment: dict[str, str]) -> ChildProgram:
    """The notifier; its metrics are on the port after the relay's."""
    return _dispensable("notifier", settings, environment, port_after=2)


def _dispensable(name: str, settings: Settings, environment: dict[str, str], *, port_after: int) -> ChildProgram:
    """A part without which the others go on; `port_after`: of the projector's metrics."""
    if settings.metrics_port is not None:
        environment = {**environment, "TIENDO_METRICS_PORT": str(settings.metrics_port + port_after)}
    return ChildProgram(name=name, arguments=("serve", name), environment=environment, indispensable=False)


async def _welcome(
    settings: Settings, prepared: Prepared, listening: socket.socket, load: Demonstration | None
) -> None:
    """Print where it runs and with which keys, as soon as it answers; then load the demonstration's data."""
    address = address_of(listening)
    await _ready(address)
    shown = (settings.public_url or address).rstrip("/")
    keys = prepared.keys
    for line in (
        f"tiendo {version('tiendo')}",
        f"address: {shown}",
        f"read key: {keys.read}",
        f"ingest key: {keys.ingest}",
        f"explain key: {keys.explain}",
        f"decide key: {keys.decide}",
        f"publish key: {keys.publish}",
        f"sign-in link: {shown}{sign_in_path(prepared.link)}",
        "Press Ctrl+C to stop.",
    ):
        say(line)
    if load is not None and not load.is_done:
        say("Loading the demonstration's data (simulated, a reduced kontum-2022) in the background ...")
        await load.run(address)


async def _ready(address: str) -> None:
    """Return when the service says that it is ready. Raises RuntimeFault after READY_SECONDS."""
    reason = ""
    deadline = asyncio.get_running_loop().time() + READY_SECONDS
    async with httpx.AsyncClient(base_url=address, timeout=10, trust_env=False) as client:
        while asyncio.get_running_loop().time() < deadline:
            try:
                answer = await client.get("/readyz")
            except httpx.HTTPError as error:
                reason = type(error).__name__
            else:
                if answer.status_code == httpx.codes.OK:
                    return
                reason = answer.text[:300]
            await asyncio.sleep(_POLL_SECONDS)
    raise RuntimeFault(f"the service was not ready within {READY_SECONDS:.0f} s: {reason}")


async def _make_topics(settings: Settings, stop: asyncio.Event) -> None:
    """Make the relay's topics; what speaks to Kafka is loaded where there is one."""
    from tiendo_cli.supervision.making_topics import make_topics

    await make_topics(settings, stop)
