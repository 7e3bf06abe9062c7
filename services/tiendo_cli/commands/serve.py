"""`tiendo serve`: one service as a process of its own."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from prometheus_client import start_http_server

from tiendo_cli.context import ends_with_parent, reason_of
from tiendo_cli.serving_parts import ProjectorSource, Service, work_of
from tiendo_cli.terminal import fail
from tiendo_event_store.faults import DATABASE_FAULTS
from tiendo_migrations import MigrationError
from tiendo_runtime.errors import RuntimeFault
from tiendo_runtime.journal import configure_journal
from tiendo_runtime.settings import load_settings
from tiendo_runtime.worker import run, run_until_stopped
from tiendo_sources.errors import SourceError

if TYPE_CHECKING:
    from tiendo_sources.igate.configuration import GatewayConfiguration


def register(app: typer.Typer) -> None:
    """Add `tiendo serve`."""
    app.command()(serve)


def serve(
    service: Annotated[
        Service,
        typer.Argument(
            help="web is ingest and query on one port; notifier tells webhooks (TIENDO_WEBHOOKS); digest mails due cases "
            "(TIENDO_DIGESTS); igate polls a gateway of iGate."
        ),
    ],
    *,
    host: Annotated[str | None, typer.Option(help="Address to listen on (TIENDO_HOST).")] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0,
            max=65535,
            help="Port to listen on (TIENDO_PORT); of projector, relay, notifier and igate, for their metrics, only if given.",
        ),
    ] = None,
    source: Annotated[
        ProjectorSource,
        typer.Option(
            "--from", help="Of the projector: its own log, or topics of other logs (TIENDO_KAFKA_BOOTSTRAP_SERVERS)."
        ),
    ] = ProjectorSource.LOG,
    config: Annotated[
        Path | None,
        typer.Option("--config", help="Of igate: the file that describes the gateway.", show_default=False),
    ] = None,
    socket_descriptor: Annotated[int | None, typer.Option(hidden=True)] = None,
) -> None:
    """Run one service until SIGINT or SIGTERM. The database must be current: see `tiendo migrate`."""
    if source is not ProjectorSource.LOG and service is not Service.PROJECTOR:
        raise typer.BadParameter("only the projector takes events from elsewhere", param_hint="--from")
    if (config is None) is (service is Service.IGATE):
        raise typer.BadParameter(
            "igate needs the file of its gateway, and no other service has one", param_hint="--config"
        )
    try:
        gateway = None if config is None else _configuration(config)
        settings = load_settings(host=host, port=port)
        configure_journal(settings, process=service.value)
        work = work_of(
            service, settings, socket_descriptor, supervised=ends_with_parent(), source=source, gateway=gateway
        )
        if service in {Service.PROJECTOR, Service.RELAY, Service.NOTIFIER, Service.IGATE} and port is not None:
            start_http_server(settings.port, settings.host)
        run(run_until_stopped(work, with_parent=ends_with_parent()))
    except (RuntimeFault, MigrationError, SourceError, *DATABASE_FAULTS) as error:  # also an address that is taken
        fail(*reason_of(error).splitlines())


def _configuration(path: Path) -> "GatewayConfiguration":
    """What the file says of the gateway. Raises SourceError."""
    from tiendo_sources.igate.configuration import load_configuration

    return load_configuration(path)
