"""A broker, and a filled log that was relayed to it: what the rows over Kafka share."""

import asyncio
import itertools
import json
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from tests.bench.asking import settings_of
from tests.bench.databases import MIGRATED, copied
from tests.bench.measuring import Rate
from tests.bench.memory import peak_memory
from tests.bench.over_kafka.filled_log import FILLED, filled_database
from tests.bench.programs import environment_of
from tests.bench.row import LeftOut
from tests.bench.samples import EVENTS_PER_CASE
from tests.kafka import java
from tests.kafka.layouts import one_broker

from tiendo_runtime.embedded import Cluster
from tiendo_runtime.kafka.applying import apply_topics
from tiendo_runtime.settings import Settings

FLOOR_EVENTS_MAX = 100_000
"""As many messages as the floor's producer holds in memory."""


class KafkaGround:
    """A broker that nobody else uses, and databases on the stage's server."""

    def __init__(self, cluster: Cluster, servers: str, events: int) -> None:
        self.cluster = cluster
        self.servers = servers
        self.events = max(1, events // EVENTS_PER_CASE) * EVENTS_PER_CASE
        self._generations = itertools.count(int(time.time()) if java.FOREIGN else 1)
        self._filled: tuple[str, int] | None = None
        self._relayed: int | None = None

    async def filled(self) -> tuple[str, int]:
        """The address of the database with the log, and the log's head."""
        if self._filled is None:
            self._filled = await filled_database(self.cluster, self.events)
        return self._filled

    async def copy(self, name: str) -> str:
        """The address of a copy of the filled database that nothing has projected yet."""
        await self.filled()
        return await copied(self.cluster, FILLED, name)

    async def fresh(self, name: str) -> str:
        """The address of a database without events."""
        return await copied(self.cluster, MIGRATED, name)

    async def relayed(self) -> int:
        """The generation of topics that has the whole log."""
        if self._relayed is None:
            url, head = await self.filled()
            generation = await self.generation()
            await self.measured("relay-events", url, head, generation)
            self._relayed = generation
        return self._relayed

    async def generation(self) -> int:
        """A generation whose topics have just been made."""
        number = next(self._generations)
        await apply_topics(Settings(kafka_bootstrap_servers=self.servers, kafka_generation=number))
        return number

    def settings(self, database_url: str, generation: int) -> Mapping[str, str]:
        """The settings of a program."""
        return {
            **settings_of(database_url),
            "TIENDO_KAFKA_BOOTSTRAP_SERVERS": self.servers,
            "TIENDO_KAFKA_GENERATION": str(generation),
        }

    async def measured(
        self, program: str, database_url: str, count: int, generation: int
    ) -> tuple[Rate, Mapping[str, float]]:
        """What a program says of itself, and its peak memory. Raises RuntimeError if it fails."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bench.over_kafka.programs", program, str(count),
            stdout=asyncio.subprocess.PIPE, env=environment_of(self.settings(database_url, generation)),
        )  # fmt: skip
        try:
            async with peak_memory(**{program: process.pid}) as peak:
                said, _ = await process.communicate()
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        if process.returncode:
            raise RuntimeError(f"{program} failed")
        done, seconds, processor_seconds = json.loads(said)
        return Rate(count=done, seconds=seconds, processor_seconds=processor_seconds), peak.mebibytes


@asynccontextmanager
async def kafka_ground(cluster: Cluster, events: int) -> AsyncIterator[KafkaGround]:
    """A broker of our own, or that of KAFKA_BOOTSTRAP_SERVERS. Raises LeftOut where none can be started."""
    if java.FOREIGN:
        yield KafkaGround(cluster, java.FOREIGN, events)
        return
    if reason := java.missing():
        raise LeftOut(reason)
    broker = one_broker(cluster.data / "kafka")
    try:
        await broker.start()
        yield KafkaGround(cluster, broker.bootstrap_servers, events)
    finally:
        await broker.remove()
