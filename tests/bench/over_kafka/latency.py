"""From the acknowledgement of an event to a consumer's hands, while events come at a steady rate."""

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import islice

from aiokafka import AIOKafkaProducer
from tests.bench.asking import new_key
from tests.bench.connection import Connection
from tests.bench.load import quantile
from tests.bench.over_kafka.ground import KafkaGround
from tests.bench.programs import environment_of, serving, working
from tests.bench.samples import event_texts
from tests.waiting import until

from tiendo_contracts.messages import TopicKind, topic
from tiendo_event_store.publication import PublicationLog
from tiendo_runtime.database import engine_of

PER_SECOND = 500
WARM_UP_SECONDS = 2
CLIENTS = 32
_LIMIT_SECONDS = 120
_LINE_BYTES_MAX = 64 * 1024 * 1024
_OK = 200

Send = Callable[[int], Awaitable[None]]


async def delivery(kafka: KafkaGround, seconds: float) -> tuple["Steady", "Steady"]:
    """What came through ingest and relay on an empty log, each in its process; and what a bare producer sent."""
    count = max(1, int(PER_SECOND * seconds))
    texts = list(islice(event_texts(count), count))
    url = await kafka.fresh("bench_delivery")
    generation, of_floor = await kafka.generation(), await kafka.generation()
    settings = kafka.settings(url, generation)
    key = await new_key(url)
    async with serving("ingest", settings) as ingest, working("relay", settings):
        await _relaying(url, generation)
        through = await _through_ingest(texts, ingest.port, key, kafka.servers, _topic(generation))
    return through, await _barely(texts, kafka.servers, _topic(of_floor))


class Steady:
    """Events sent at a steady rate, and when each was acknowledged (or, if it is told otherwise, given away)."""

    def __init__(self, ids: list[str]) -> None:
        self._ids = ids
        self._told: dict[str, int] = {}
        self._delays: list[float] = []
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
        warm = self._ids[PER_SECOND * WARM_UP_SECONDS :] or self._ids
        self._delays = [max(0, arrived[name] - self._told[name]) / 1e9 for name in warm]

    def milliseconds(self, share: float) -> float:
        """The milliseconds within which so large a share of the events arrived."""
        return quantile(self._delays, share) * 1000


async def _through_ingest(texts: list[str], port: int, key: str, servers: str, topic_name: str) -> Steady:
    steady = Steady([json.loads(text)["id"] for text in texts])
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


async def _barely(texts: list[str], servers: str, topic_name: str) -> Steady:
    events = [json.loads(text) for text in texts]
    steady = Steady([event["id"] for event in events])
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
    engine = engine_of(database_url, pool_size=1)
    async with PublicationLog(engine) as log:
        head = await log.head()

        async def level() -> bool:
            return await log.noted_position(f"events:g{generation}") == head

        await until(level, seconds=_LIMIT_SECONDS)
    await engine.dispose()


def _topic(generation: int) -> str:
    return topic(TopicKind.CASE_EVENTS, generation=generation).name
