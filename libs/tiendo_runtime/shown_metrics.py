"""Metrics of a process that serves nothing else over HTTP."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import start_http_server

from tiendo_runtime.errors import AddressUnavailable
from tiendo_runtime.settings import Settings


@contextmanager
def shown_metrics(settings: Settings) -> Iterator[None]:
    """Metrics for Prometheus on a port of their own, if one is set. Raises AddressUnavailable."""
    if settings.metrics_port is None:
        yield
        return
    try:
        server, _ = start_http_server(settings.metrics_port, addr=settings.host)
    except OSError as error:
        raise AddressUnavailable(settings.host, settings.metrics_port, str(error.strerror)) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
