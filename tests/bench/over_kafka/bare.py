"""The floors: aiokafka's own producer and consumer, as an example would use them, on the very messages that the relay made."""

import gc
from typing import Any

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord
from tests.bench.measuring import Stopwatch, timed

from tiendo_contracts.messages import TopicKind, topic
from tiendo_runtime.settings import Settings

LARGE_BATCHES: dict[str, Any] = {"max_batch_size": 512 * 1024, "linger_ms": 20}


async def produce_barely(settings: Settings, count: int) -> Stopwatch:
    """An idempotent producer with its own defaults."""
    return await _produced(settings, count, {})


async def produce_in_large_batches(settings: Settings, count: int) -> Stopwatch:
    """An idempotent producer that waits a little for more to go into one batch."""
    return await _produced(settings, count, LARGE_BATCHES)


async def consume_barely(settings: Settings, count: int) -> Stopwatch:
    """A consumer that looks at nothing."""
    async with _consumer(settings, settings.kafka_generation) as consumer:
        with timed() as watch:
            left = count
            while left > 0:
                left -= sum(map(len, (await consumer.getmany(timeout_ms=500)).values()))
    return watch


async def _produced(settings: Settings, count: int, options: dict[str, Any]) -> Stopwatch:
    """Send again, to the topic of the next generation, what lies in that of the settings."""
    records = await _records(settings, count)
    target = topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation + 1).name
    access = settings.kafka
    assert access is not None
    async with AIOKafkaProducer(**access.options(), acks="all", enable_idempotence=True, **options) as producer:
        with timed() as watch:
            for key, value, headers in records:
                await producer.send(target, value, key=key, headers=headers)
            await producer.flush()
    return watch


async def _records(settings: Settings, count: int) -> list[tuple[bytes, bytes, list[tuple[str, bytes]]]]:
    """Key, value and headers of the first records in the topic, out of the garbage collector's sight."""
    found: list[ConsumerRecord[bytes, bytes]] = []
    async with _consumer(settings, settings.kafka_generation) as consumer:
        while len(found) < count:
            for of_one in (await consumer.getmany(timeout_ms=500)).values():
                found += of_one
    # In the order in which the log took them, as a program would send them.
    found.sort(key=lambda record: int(dict(record.headers)["ce_position"]))
    records = [(record.key, record.value, list(record.headers)) for record in found[:count]]
    gc.collect()
    gc.freeze()
    return records


def _consumer(settings: Settings, generation: int) -> AIOKafkaConsumer:
    access = settings.kafka
    assert access is not None
    return AIOKafkaConsumer(
        topic(TopicKind.CASE_EVENTS, generation=generation).name,
        **access.options(),
        auto_offset_reset="earliest",
        enable_auto_commit=False,
    )
