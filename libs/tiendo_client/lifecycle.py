"""Starts and ends of aiokafka's clients that leave nothing behind, whatever they or the brokers are doing."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from aiokafka import AIOKafkaConsumer

from tiendo_client.aiokafka_internals import close_connections, close_first_connection, network_of

SECONDS_MAX = 10.0
_START_SECONDS_MAX = 1.0


async def leave(consumer: AIOKafkaConsumer, *, seconds_max: float = SECONDS_MAX) -> None:
    """Return when the consumer has left its group and closed its connections; after `seconds_max` it is ended all the same.

    Brokers that do not answer find out by themselves.
    """
    await closed(consumer.stop(), client=network_of(consumer), within_seconds=seconds_max)


async def closed(*closing: Coroutine[Any, Any, object], client: Any, within_seconds: float) -> None:  # noqa: ANN401 - aiokafka has no types
    """Return when all of `closing` have ended, or the time is over, and no connection of `client` is open any more.

    They run as tasks of their own: aiokafka cancels tasks that it then waits for, and would cancel whoever waits for it.
    """
    tasks = [asyncio.ensure_future(part) for part in closing]
    _, pending = await asyncio.wait(tasks, timeout=within_seconds)
    for task in pending:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    # What was being opened while all others were closed.
    close_connections(client)


async def begun(starting: Coroutine[Any, Any, object]) -> None:
    """Return when a client of aiokafka has started.

    A cancellation waits a moment for the start to be over, then breaks it off; its connection is closed.
    """
    task = asyncio.ensure_future(starting)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait([task], timeout=_START_SECONDS_MAX)
        close_first_connection(task)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        raise
