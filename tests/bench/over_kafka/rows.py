"""The measurements over Kafka: a real broker, a log filled anew, and each program by itself in a process of its own."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from enum import StrEnum
from itertools import islice
from pathlib import Path

from tests.bench.measuring import Rate
from tests.bench.over_kafka.latency import delivery_row
from tests.bench.over_kafka.results import Latency, Throughput
from tests.bench.samples import EVENTS_PER_CASE, event_texts
from tests.bench.servers import environment_of
from tests.kafka import java
from tests.kafka.brokers import Kafka
from tests.kafka.layouts import one_broker

import tiendo_migrations
from tiendo_contracts.case_events import accept_text
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_runtime.database import application_engine
from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.databases import ensure_database
from tiendo_runtime.embedded.usage import embedded_database
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.settings import Settings

EVENTS = 100_000
FLOOR_EVENTS_MAX = 100_000
"""As many messages as the floor's producer holds in memory."""

_BATCH = 500
_GENERATIONS = 4


class Part(StrEnum):
    """What can be measured by itself; client and projector need the relay to have filled the topics."""

    RELAY = "relay"
    CLIENT = "client"
    PROJECTOR = "projector"
    DELIVERY = "delivery"


async def kafka_rows(folder: Path, events: int, parts: Collection[Part]) -> list[Throughput | Latency] | str:
    """The measurements with a log of so many events, one after the other; or why there are none."""
    if not java.FOREIGN and (reason := java.missing()):
        return reason
    cluster = Cluster(data=folder)
    async with running_broker(folder) as broker, embedded_database(cluster, lambda _: None):
        bench = KafkaBench(cluster, broker.bootstrap_servers, events)
        return await bench.rows(parts)


@asynccontextmanager
async def running_broker(folder: Path) -> AsyncIterator[Kafka]:
    """A broker of our own, or that of KAFKA_BOOTSTRAP_SERVERS."""
    if java.FOREIGN:
        yield Kafka(bootstrap_servers=java.FOREIGN)
        return
    broker = one_broker(folder / "kafka")
    try:
        await broker.start()
        yield broker
    finally:
        await broker.remove()


class KafkaBench:
    """One run, on a database server and a broker that nobody else uses."""

    def __init__(self, cluster: Cluster, servers: str, events: int) -> None:
        self._cluster = cluster
        self._servers = servers
        self._events = events // EVENTS_PER_CASE * EVENTS_PER_CASE
        self._head = 0
        self._first_generation = int(time.time()) if java.FOREIGN else 1

    async def rows(self, parts: Collection[Part]) -> list[Throughput | Latency]:
        """The rows of the parts, in an order in which nothing disturbs what comes after it."""
        for number in range(_GENERATIONS):
            await apply_topics(
                Settings(kafka_bootstrap_servers=self._servers, kafka_generation=self._generation(number))
            )
        rows: list[Throughput | Latency] = []
        if set(parts) - {Part.DELIVERY}:
            log = await self._database("filled")
            await self._fill(log)
            rows.append(await self._relay_row(log))
            if Part.CLIENT in parts:
                rows.append(await self._client_row(log))
            if Part.PROJECTOR in parts:
                rows.append(await self._projector_row(log, await self._database("followed")))
        if Part.DELIVERY in parts:
            rows.append(await delivery_row(await self._database("fresh"), self._servers, self._generation(3)))
        return rows

    async def _relay_row(self, log: str) -> Throughput:
        relayed = await self._measured("relay-events", log, self._head)
        count = min(self._events, FLOOR_EVENTS_MAX)
        floors = {
            "a bare idempotent producer": await self._measured("produce-barely", log, count),
            "a bare idempotent producer, large batches": await self._measured("produce-in-large-batches", log, count),
        }
        fastest = max(floors, key=lambda name: floors[name].per_second)
        return Throughput(
            name=f"relay of {self._events:,} events",
            product=relayed,
            floor_name=fastest,
            floor=floors[fastest],
            share_aimed_at=0.7,
        )

    async def _client_row(self, log: str) -> Throughput:
        return Throughput(
            name=f"{self._events:,} events with the client's consumer",
            product=await self._measured("consume-with-client", log, self._events),
            floor_name="a bare consumer that looks at nothing",
            floor=await self._measured("consume-barely", log, self._events),
        )

    async def _projector_row(self, log: str, followed: str) -> Throughput:
        return Throughput(
            name=f"projector over Kafka, {self._events:,} events",
            product=await self._measured("project-topics", followed, self._head),
            floor_name="the projector over the log",
            floor=await self._measured("project-log", log, self._head),
            share_aimed_at=0.7,
        )

    async def _measured(self, program: str, database_url: str, count: int) -> Rate:
        """What a program says of itself. Raises RuntimeError if it fails."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.over_kafka.programs", program, str(count),
            stdout=asyncio.subprocess.PIPE, env=environment_of(self._settings(database_url)),
        )  # fmt: skip
        try:
            said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise RuntimeError(f"{program} failed")
        done, seconds, processor_seconds = json.loads(said)
        return Rate(count=done, seconds=seconds, processor_seconds=processor_seconds)

    def _settings(self, database_url: str) -> Mapping[str, str]:
        return {
            "TIENDO_DATABASE_URL": database_url,
            "TIENDO_KAFKA_BOOTSTRAP_SERVERS": self._servers,
            "TIENDO_KAFKA_GENERATION": str(self._generation(0)),
        }

    def _generation(self, number: int) -> int:
        return self._first_generation + number

    async def _database(self, name: str) -> str:
        """The address of a database that was just made."""
        await ensure_database(self._cluster, name)
        await tiendo_migrations.upgrade(self._cluster.url(name))
        return self._cluster.url(name)

    async def _fill(self, database_url: str) -> None:
        engine = application_engine(database_url, pool_size=2)
        texts = event_texts(self._events // EVENTS_PER_CASE)
        async with CoalescingWriter(engine) as writer:
            while batch := list(islice(texts, _BATCH)):
                await writer.append([accept_text(text) for text in batch])
        self._head = await EventLog(engine).head()  # with the facts that the migrations bring
        await engine.dispose()
