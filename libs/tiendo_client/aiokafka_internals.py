"""The private parts of aiokafka that tiendo cannot do without: here, and nowhere else.

A test names the version that they were read in; whoever raises it reads aiokafka's code again, and mends what has changed here.

- `_client` of consumers and admin clients: the connections behind them, which their own ends leave open when they are broken off.
- `_conns` of that client: what was being opened while all others were closed.
- `bootstrap_conn`, the local name of a start that is under way: the connection of its first question, which nothing else knows of.
- `_send_request` of admin clients: requests that the protocol has and the admin client does not offer, such as those about ACLs.
- `_closed` and `_sender` of producers: an end that does not wait for brokers to take what is under way, as aiokafka's own does.
"""

import asyncio
import inspect
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient


def network_of(owner: AIOKafkaConsumer | AIOKafkaAdminClient) -> Any:  # noqa: ANN401 - aiokafka has no types
    """The client that holds the connections of a consumer or an admin client."""
    return owner._client  # noqa: SLF001 - there is no public way


def close_connections(network: Any) -> None:  # noqa: ANN401 - aiokafka has no types
    """Close every connection that is still open."""
    for connection in list(network._conns.values()):  # noqa: SLF001 - there is no public way
        connection.close()


def close_first_connection(start: asyncio.Task[Any]) -> None:
    """Close the connection over which a start that is under way asks its first question: broken off, aiokafka would leave it open."""
    awaited: Any = start.get_coro()
    while inspect.iscoroutine(awaited):
        if awaited.cr_frame is not None and (connection := awaited.cr_frame.f_locals.get("bootstrap_conn")) is not None:
            connection.close()
        awaited = awaited.cr_await


async def request(admin: AIOKafkaAdminClient, wanted: Any) -> Any:  # noqa: ANN401 - aiokafka has no types
    """The answer to a request of `aiokafka.protocol`."""
    return await admin._send_request(wanted)  # noqa: SLF001 - there is no public way


async def end_sending(producer: AIOKafkaProducer) -> None:
    """Return when the producer's task that sends has ended, without sending what waits or repeating what is under way."""
    task = producer._sender.sender_task  # noqa: SLF001 - there is no public way
    if task is not None:
        task.cancel()
        await asyncio.wait([task])


def mark_closed(producer: AIOKafkaProducer) -> None:
    """Let the producer take nothing more, and not complain that it was left open."""
    producer._closed = True  # noqa: SLF001 - there is no public way
