"""Topics read to their ends by a plain consumer: aiokafka and JSON, nothing of tiendo's."""

import json
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition
from tests.system.relaying.checking import Message

SILENCE_SECONDS = 20


async def messages_of(bootstrap_servers: str, *topics: str) -> list[Message]:
    """Everything that the topics hold now, by topic, partition and offset."""
    consumer = AIOKafkaConsumer(
        *topics, bootstrap_servers=bootstrap_servers, auto_offset_reset="earliest", group_id=None
    )
    try:
        await consumer.start()
        partitions = sorted(consumer.assignment())
        assert {where.topic for where in partitions} == set(topics)
        ends = {where: end for where, end in (await consumer.end_offsets(partitions)).items() if end}
        records = await _read(consumer, partitions, ends)
    finally:
        await consumer.stop()
    records.sort(key=lambda record: (record.topic, record.partition, record.offset))
    return [_message(record) for record in records]


async def _read(
    consumer: AIOKafkaConsumer, partitions: Sequence[TopicPartition], ends: dict[TopicPartition, int]
) -> list[ConsumerRecord[bytes, bytes]]:
    found: list[ConsumerRecord[bytes, bytes]] = []
    await consumer.seek_to_beginning(*partitions)
    while ends:
        batches = await consumer.getmany(timeout_ms=SILENCE_SECONDS * 1000)
        assert batches, f"nothing came for {SILENCE_SECONDS} s, though there is more to come of {ends}"
        for records in batches.values():
            found += records
        for where, end in list(ends.items()):
            if await consumer.position(where) >= end:
                del ends[where]
    return found


def _message(record: ConsumerRecord[bytes, bytes]) -> Message:
    return Message(
        topic=record.topic,
        partition=record.partition,
        offset=record.offset,
        key=(record.key or b"").decode(),
        value=json.loads(record.value or b"null"),
        headers={name: value.decode() for name, value in record.headers},
    )
