"""How a consumer of aiokafka is ended, whatever the brokers do."""

import asyncio

from aiokafka import AIOKafkaConsumer

SECONDS_MAX = 10.0


async def leave(consumer: AIOKafkaConsumer, *, seconds_max: float = SECONDS_MAX) -> None:
    """Return when the consumer has left its group and closed its connections; after `seconds_max` it is ended all the same.

    Brokers that do not answer find out by themselves. It runs as a task of its own: aiokafka waits for tasks that it has cancelled, which
    would cancel whoever waits for it, and leaves its connections open then.
    """
    leaving = asyncio.ensure_future(consumer.stop())
    await asyncio.wait({leaving}, timeout=seconds_max)
    if not leaving.done() or leaving.cancelled() or leaving.exception() is not None:
        leaving.cancel()
        closing = asyncio.ensure_future(consumer._client.close())  # noqa: SLF001 - there is no public way to close the connections alone
        await asyncio.wait({leaving, closing}, timeout=1)
        closing.cancel()
        await asyncio.gather(leaving, closing, return_exceptions=True)
