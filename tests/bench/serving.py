"""Over HTTP: events in and timelines out, beside a server that only sends bytes back to the same client."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from itertools import islice

from tests.bench.connection import Connection
from tests.bench.measuring import Rate, Row, timed
from tests.bench.samples import case_id, event_texts

CLIENTS = 32
SINGLES = 6_000
BATCH = 500
BATCHES = 60
BATCH_CLIENTS = 4
QUERIES = 2_000
QUERY_CLIENTS = 32
FIRST_CASE = 100_000
OK = 200

Send = Callable[[Connection, int], Awaitable[tuple[int, bytes]]]


async def single_row(port: int, echo_port: int, key: str) -> Row:
    """One event a request, from many clients at once."""
    bodies = [text.encode() for text in islice(event_texts(SINGLES, FIRST_CASE), SINGLES)]
    post = _posting(bodies, _headers(key, "application/cloudevents+json"))
    return Row(
        name="ingest over HTTP, one event a request",
        unit="requests/s",
        product=await _measured(port, post, SINGLES, CLIENTS, 1),
        floor_name="the same bodies echoed",
        floor=await _measured(echo_port, post, SINGLES, CLIENTS, 1),
    )


async def batch_row(port: int, echo_port: int, key: str) -> Row:
    """Batches of events."""
    texts = event_texts(BATCH * BATCHES, 2 * FIRST_CASE)
    bodies = [f"[{','.join(islice(texts, BATCH))}]".encode() for _ in range(BATCHES)]
    post = _posting(bodies, _headers(key, "application/cloudevents-batch+json"))
    return Row(
        name=f"ingest over HTTP, {BATCH} events a request",
        unit="events/s",
        product=await _measured(port, post, BATCHES, BATCH_CLIENTS, BATCH),
        floor_name="the same bodies echoed",
        floor=await _measured(echo_port, post, BATCHES, BATCH_CLIENTS, BATCH),
    )


async def query_row(port: int, echo_port: int, key: str, cases: int) -> Row:
    """The timeline of a case, folded from its events for the instant of the question."""
    headers = {"authorization": f"Bearer {key}"}
    connection = await Connection.open(port)
    _, answer = await connection.request("GET", f"/v1/cases/{case_id(0)}/timeline", headers)
    await connection.close()

    def ask(connection: Connection, number: int) -> Awaitable[tuple[int, bytes]]:
        return connection.request("GET", f"/v1/cases/{case_id(number % cases)}/timeline", headers)

    def floor(connection: Connection, _: int) -> Awaitable[tuple[int, bytes]]:
        return connection.request("GET", f"/{len(answer)}", headers)

    return Row(
        name="timeline of a case",
        unit="requests/s",
        product=await _measured(port, ask, QUERIES, QUERY_CLIENTS, 1),
        floor_name=f"{len(answer):,} bytes from an empty server",
        floor=await _measured(echo_port, floor, QUERIES, QUERY_CLIENTS, 1),
    )


def _posting(bodies: Sequence[bytes], headers: dict[str, str]) -> Send:
    """Sends the body of a number."""

    def post(connection: Connection, number: int) -> Awaitable[tuple[int, bytes]]:
        return connection.request("POST", "/v1/events", headers, bodies[number])

    return post


async def _measured(port: int, send: Send, requests: int, clients: int, units: int) -> Rate:
    """How fast `clients` connections get the requests answered that they share."""
    numbers = iter(range(requests))
    connections = [await Connection.open(port) for _ in range(clients)]
    with timed() as watch:
        await asyncio.gather(*(_client(connection, send, numbers) for connection in connections))
    for connection in connections:
        await connection.close()
    return Rate(count=requests * units, seconds=watch.seconds)


async def _client(connection: Connection, send: Send, numbers: Iterator[int]) -> None:
    for number in numbers:
        status, body = await send(connection, number)
        if status != OK:
            raise RuntimeError(f"request {number} was answered {status}: {body[:300]!r}")


def _headers(key: str, content_type: str) -> dict[str, str]:
    return {"authorization": f"Bearer {key}", "content-type": content_type}
