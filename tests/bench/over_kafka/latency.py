"""From the acknowledgement of an event to a consumer's hands, while events come at a steady rate."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import islice

from aiokafka import AIOKafkaProducer
from tests.bench.connection import Connection
from tests.bench.over_kafka.results import Delays, Latency
from tests.bench.samples import event_texts
from tests.bench.servers import environment_of, ingest, relay
from tests.waiting import until

from tiendo_contracts.messages import TopicKind, topic
from tiendo_event_store.publication import PublicationLog
from tiendo_runtime.authentication import KeyStore, Scope
from tiendo_runtime.database import application_engine

PER_SECOND = 500
SECONDS = 12
WARM_UP_SECONDS = 2
CLIENTS = 32
_LIMIT_SECONDS = 120
_LINE_BYTES_MAX = 64 * 1024 * 1024
_OK = 200

Send = Callable[[int], Awaitable[None]]


async def delivery_row(database_url: str, servers: str, generation: int) -> Latency:
    """Ingest, relay and a plain consumer, each in its process, on an empty log; the floor needs a topic of the generation before."""
    texts = list(islice(event_texts(PER_SECOND * SECONDS), PER_SECOND * SECONDS))
    settings = {
        "TIENDO_DATABASE_URL": database_url,
        "TIENDO_KAFKA_BOOTSTRAP_SERVERS": servers,
        "TIENDO_KAFKA_GENERATION": str(generation),
    }
    key = await _key(database_url)
    async with ingest(settings) as port, relay(settings):
        await _relaying(database_url, generation)
        through = await _through_ingest(texts, port, key, servers, _topic(generation))
    bare = await _barely(texts, servers, _topic(generation - 1))
    return Latency(
        name=f"acknowledged by ingest to a consumer's hands, {through.per_second:,.0f} events/s",
        product=through.delays,
        floor_name=f"a bare producer, from sending to the same consumer, {bare.per_second:,.0f} events/s",
        floor=bare.delays,
        milliseconds_aimed_at=500,
    )


class _Steady:
    """Events sent at a steady rate, and when each was acknowledged (or, if it is told otherwise, given away)."""

    def __init__(self, ids: list[str]) -> None:
        self._ids = ids
        self._told: dict[str, int] = {}
        self.delays = Delays(seconds=())
        self.per_second = 0.0

    def tell(self, number: int) -> None:
        self._told[self._ids[number]] = time.monotonic_ns()

    async def send_all(self, sends: list[Send]) -> None:
        """Send each when its time has come, whatever became of those before it, by whichever of `sends` is free."""
        numbers = iter(range(len(self._ids)))
        begun = time.monotonic()

        async def work(send: Send) -> None:
            for number in numbers:
                await asyncio.sleep(max(0.0, begun + number / PER_SECOND - time.monotonic()))
                await send(number)

        await asyncio.gather(*map(work, sends))
        self.per_second = len(self._ids) / (time.monotonic() - begun)

    def compare(self, arrived: dict[str, int]) -> None:
        """Note the delays, but for those of the time in which all programs warm up."""
        counted = self._ids[PER_SECOND * WARM_UP_SECONDS :]
        self.delays = Delays(seconds=[max(0, arrived[name] - self._told[name]) / 1e9 for name in counted])


async def _through_ingest(texts: list[str], port: int, key: str, servers: str, topic_name: str) -> _Steady:
    steady = _Steady([json.loads(text)["id"] for text in texts])
    headers = {"authorization": f"Bearer {key}", "content-type": "application/cloudevents+json"}
    connections = [await Connection.open(port) for _ in range(CLIENTS)]

    def sending(connection: Connection) -> Send:
        async def send(number: int) -> None:
            status, body = await connection.request("POST", "/v1/events", headers, texts[number].encode())
            if status != _OK:
                raise RuntimeError(f"event {number} was answered {status}: {body[:300]!r}")
            steady.tell(number)

        return send

    async with _arrivals(servers, topic_name, len(texts)) as arrived:
        await steady.send_all([sending(connection) for connection in connections])
        steady.compare(await arrived())
    for connection in connections:
        await connection.close()
    return steady


async def _barely(texts: list[str], servers: str, topic_name: str) -> _Steady:
    events = [json.loads(text) for text in texts]
    steady = _Steady([event["id"] for event in events])
    async with AIOKafkaProducer(bootstrap_servers=servers, acks="all", enable_idempotence=True) as producer:

        async def send(number: int) -> None:
            steady.tell(number)
            headers = [("ce_id", events[number]["id"].encode())]
            key = events[number]["subject"].encode()
            await producer.send(topic_name, texts[number].encode(), key=key, headers=headers)

        async with _arrivals(servers, topic_name, len(texts)) as arrived:
            await steady.send_all([send])
            steady.compare(await arrived())
    return steady


@asynccontextmanager
async def _arrivals(
    servers: str, topic_name: str, count: int
) -> AsyncIterator[Callable[[], Awaitable[dict[str, int]]]]:
    """A consumer that listens; the function gives the instants at which events came, once all have."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.over_kafka.arrivals", servers, topic_name, str(count),
        stdout=asyncio.subprocess.PIPE, env=environment_of({}), limit=_LINE_BYTES_MAX,
    )  # fmt: skip
    said = process.stdout
    assert said is not None

    async def arrived() -> dict[str, int]:
        line = await asyncio.wait_for(said.readline(), _LIMIT_SECONDS)
        found: dict[str, int] = json.loads(line)
        return found

    try:
        ready = await said.readline()
        assert ready == b"ready\n", "the consumer did not begin"
        yield arrived
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _relaying(database_url: str, generation: int) -> None:
    """Return once the relay has sent what the log held before."""
    engine = application_engine(database_url, pool_size=1)
    async with PublicationLog(engine) as log:
        head = await log.head()

        async def level() -> bool:
            return await log.noted_position(f"events:g{generation}") == head

        await until(level, seconds=_LIMIT_SECONDS)
    await engine.dispose()


async def _key(database_url: str) -> str:
    engine = application_engine(database_url, pool_size=1)
    _, key = await KeyStore(engine).create("bench", {Scope.INGEST}, None)
    await engine.dispose()
    return key


def _topic(generation: int) -> str:
    return topic(TopicKind.CASE_EVENTS, generation=generation).name
