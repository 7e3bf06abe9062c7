"""Topics read to their ends by a plain consumer, and parts of them sent again: aiokafka and JSON, nothing of tiendo's."""

import json
import random
from collections.abc import Sequence

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError
from tests.system.relaying.checking import Message

SILENCE_SECONDS = 60
AGAIN_MAX = 20


async def messages_of(bootstrap_servers: str, *topics: str) -> list[Message]:
    """Everything that the topics hold now, by topic, partition and offset."""
    return [_message(record) for record in await records_of(bootstrap_servers, *topics)]


async def records_of(bootstrap_servers: str, *topics: str) -> list[ConsumerRecord[bytes, bytes]]:
    """The same as records."""
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
    return sorted(records, key=lambda record: (record.topic, record.partition, record.offset))


async def send_again(bootstrap_servers: str, topic: str, chance: random.Random) -> bool:
    """Whether a stretch of the topic was sent once more as it is, as by a relay that does not know yet that it has been replaced."""
    try:
        records = await records_of(bootstrap_servers, topic)
        begin = chance.randrange(len(records)) if records else 0
        repeated = records[begin : begin + chance.randint(1, AGAIN_MAX)]
        async with AIOKafkaProducer(bootstrap_servers=bootstrap_servers, acks="all") as producer:
            for record in repeated:
                headers = list(record.headers)
                await producer.send_and_wait(
                    topic, record.value, key=record.key, partition=record.partition, headers=headers
                )
    except KafkaError:  # a broker is ill at the moment
        return False
    return bool(repeated)


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
