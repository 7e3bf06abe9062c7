"""Ports for programs that have to be told theirs."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

_ATTEMPTS_MAX = 100


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port of this machine that nobody else is given within the block: it is bound here, and not listened on.

    A program that sets SO_REUSEADDR, as servers do, can listen on it meanwhile.
    """
    with _bound(0) as kept:
        yield kept.getsockname()[1]


@contextmanager
def reserved_pair() -> Iterator[int]:
    """The lower of two ports side by side, reserved likewise."""
    for _ in range(_ATTEMPTS_MAX):
        with ExitStack() as stack:
            lower = stack.enter_context(_bound(0)).getsockname()[1]
            try:
                stack.enter_context(_bound(lower + 1))
            except OSError:
                continue
            yield lower
            return
    raise AssertionError("no two ports side by side are free")


@contextmanager
def _bound(port: int) -> Iterator[socket.socket]:
    with socket.socket() as kept:
        kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        kept.bind(("127.0.0.1", port))
        yield kept
