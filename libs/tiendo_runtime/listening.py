"""Sockets that a web service listens on. No HTTP in here: `tiendo up` listens for its children, and need not load it."""

import socket
from typing import Final

from tiendo_runtime.errors import AddressUnavailable

_BACKLOG: Final = 2048


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Raises AddressUnavailable."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    found = socket.socket(family, socket.SOCK_STREAM)
    try:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind((host, port))
        found.listen(_BACKLOG)
    except OSError as error:
        found.close()
        raise AddressUnavailable(host, port, error.strerror or str(error)) from None
    return found


def address_of(listening: socket.socket) -> str:
    """The address of a listening socket as a user types it into a browser."""
    host, port = listening.getsockname()[:2]
    host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - recognised, not bound
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
