"""A stand-in for the relay: topics of a fresh generation, and messages sent into them as the relay would, or as it would after failures."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from aiokafka import AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.partitioner import murmur2

from tiendo_contracts.messages import Place, Record, Topic, event_record, event_stub
from tiendo_contracts.texts.canonical_json import digest

PARTITIONS = 4
INGESTED_AT = "2026-01-05T01:00:00Z"


@dataclass(slots=True, kw_only=True)
class Log:
    """A log whose events are sent to a topic: each gets the next position, and its place in the chain of its partition."""

    log_id: UUID
    partitions: int
    position: int = 0
    tails: dict[int, int] = field(default_factory=dict)

    def event(self, case_id: str, *, stub: bool = False) -> tuple[int, Record]:
        """The partition and the record of the next event, of that case."""
        self.position += 1
        partition = partition_of(case_id, self.partitions)
        place = Place(log_id=self.log_id, position=self.position, previous_position=self.tails.get(partition, 0))
        self.tails[partition] = self.position
        return partition, event_at(place, case_id, stub=stub)


def new_log() -> Log:
    """A log that nobody else sends from, to topics with the partitions that the tests give them."""
    return Log(log_id=uuid4(), partitions=PARTITIONS)


def event_at(place: Place, case_id: str, *, stub: bool = False) -> Record:
    """The record of a claim of that case at that place, or the stub in its place."""
    text = (
        f'{{"specversion":"1.0","id":"e-{place.position}","source":"/test/desk","type":"vn.tiendo.case.claimed.v1",'
        f'"subject":"{case_id}","time":"2026-01-05T08:00:00+07:00","data":{{}}}}'
    )
    event = json.loads(text)
    attributes = {name: str(value) for name, value in event.items() if name != "data"}
    seal = digest(event).hex()
    if stub:
        return event_stub(attributes, place=place, ingested_at=INGESTED_AT, digest=seal)
    return event_record(text, attributes, place=place, ingested_at=INGESTED_AT, digest=seal)


def partition_of(key: str, partitions: int) -> int:
    """The partition that Kafka's own clients choose for the key."""
    return int((murmur2(key.encode()) & 0x7FFFFFFF) % partitions)


async def create(bootstrap_servers: str, *topics: Topic) -> None:
    """Create the topics as they have to be."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap_servers)
    await admin.start()
    try:
        await admin.create_topics(
            [
                NewTopic(one.name, num_partitions=one.partitions, replication_factor=1, topic_configs=one.configuration)
                for one in topics
            ]
        )
    finally:
        await admin.close()


@asynccontextmanager
async def producer(bootstrap_servers: str) -> AsyncIterator[AIOKafkaProducer]:
    """A started producer."""
    found = AIOKafkaProducer(bootstrap_servers=bootstrap_servers, acks="all", enable_idempotence=True)
    try:
        await found.start()
        yield found
    finally:
        await found.stop()


async def send(bootstrap_servers: str, topic: str, records: Sequence[tuple[int, Record]]) -> None:
    """Send the records to their partitions, in order."""
    async with producer(bootstrap_servers) as found:
        waiting = [
            await found.send(topic, record.value, key=record.key, partition=partition, headers=list(record.headers))
            for partition, record in records
        ]
        for one in waiting:
            await one
