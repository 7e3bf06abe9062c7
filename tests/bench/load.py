"""Clients that put load on a server, and what they met: how many a second, and how long each waited."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from tests.bench.connection import Connection

OK = 200

Send = Callable[[Connection, int], Awaitable[tuple[int, bytes]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What clients met; `seconds` is how long all took, `waits` how long each request took."""

    seconds: float
    waits: Sequence[float]

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return len(self.waits) / self.seconds

    def milliseconds(self, share: float) -> float:
        """The milliseconds within which so large a share of the requests was answered."""
        return quantile(self.waits, share) * 1000


def quantile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of the values does not exceed."""
    in_order = sorted(values)
    return in_order[min(int(share * len(in_order)), len(in_order) - 1)]


async def from_clients(port: int, send: Send, requests: int, clients: int) -> Load:
    """So many clients at once share the requests; each sends its next one when the last was answered."""
    numbers = iter(range(requests))
    connections = [await Connection.open(port) for _ in range(clients)]
    waits: list[float] = []
    begun = time.perf_counter()
    await asyncio.gather(*(_client(connection, send, numbers, waits) for connection in connections))
    seconds = time.perf_counter() - begun
    for connection in connections:
        await connection.close()
    return Load(seconds=seconds, waits=waits)


async def at_intervals(port: int, send: Send, requests: int, every_seconds: float) -> Load:
    """One client that asks anew so long after it began to ask the last time, or at once where the answer took longer."""
    connection = await Connection.open(port)
    waits: list[float] = []
    begun = time.perf_counter()
    for number in range(requests):
        asked = time.perf_counter()
        await _client(connection, send, iter((number,)), waits)
        await asyncio.sleep(max(0.0, asked + every_seconds - time.perf_counter()))
    await connection.close()
    return Load(seconds=time.perf_counter() - begun, waits=waits)


async def _client(connection: Connection, send: Send, numbers: Iterator[int], waits: list[float]) -> None:
    for number in numbers:
        asked = time.perf_counter()
        status, body = await send(connection, number)
        waits.append(time.perf_counter() - asked)
        if status != OK:
            raise RuntimeError(f"request {number} was answered {status}: {body[:300]!r}")
