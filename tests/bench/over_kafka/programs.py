"""What is measured over Kafka, each as a process of its own: `python -m tests.bench.over_kafka.programs NAME COUNT`, with settings in `TIENDO_…`.

Prints count, seconds and processor seconds, from the moment at which the program was ready to work.
"""

import asyncio
import json
import logging
import sys
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.bench.measuring import Stopwatch, timed
from tests.bench.over_kafka.bare import consume_barely, produce_barely, produce_in_large_batches
from tests.waiting import until

import tiendo_projector
from tiendo_client import CaseEventConsumer, MemoryPositions
from tiendo_contracts.messages import TopicKind, topic
from tiendo_event_store import EventLog
from tiendo_event_store.publication import PublicationLog
from tiendo_read_models.builds import checkpoints, live_build, within
from tiendo_read_models.tables import refolds
from tiendo_relay.feeds.events_feed import EventsFeed
from tiendo_relay.lock import relay_lock
from tiendo_relay.sending.batch_sender import opened_sender
from tiendo_runtime.database import engine_of
from tiendo_runtime.journal import configure_journal
from tiendo_runtime.settings import Settings

LIMIT_SECONDS = 3_600


async def relay_events(settings: Settings, count: int) -> Stopwatch:
    """The feed of events alone, from the first position until everything is acknowledged."""
    access, url = settings.kafka, settings.database_url
    assert access is not None
    assert url is not None
    engine, stop = engine_of(url, pool_size=5), asyncio.Event()
    generation, shared = settings.kafka_generation, settings.kafka_shared_topics
    async with relay_lock(engine, generation, stop) as lock, PublicationLog(engine) as log:
        assert lock is not None
        feed = EventsFeed(log, lock, access, generation=generation, shared=shared)
        async with opened_sender(access, lock, feed.name, feed.topics, settings.kafka_compression) as sender:
            await feed.open(sender)
            with timed() as watch:
                while await feed.step():
                    pass
            assert await feed.position() == count
            await feed.settle()
    await engine.dispose()
    return watch


async def project_log(settings: Settings, count: int) -> Stopwatch:
    """The projector over the log, from nothing until everything is in the read models."""
    return await _projected(settings, count, tiendo_projector.run)


async def project_topics(settings: Settings, count: int) -> Stopwatch:
    """The projector over Kafka, from nothing until everything is in the read models."""
    engine = engine_of(settings.database_url or "", pool_size=1)
    already = await EventLog(engine).head()
    await engine.dispose()
    return await _projected(settings, already + count, tiendo_projector.run_over_kafka)


async def consume_with_client(settings: Settings, count: int) -> Stopwatch:
    """The client's consumer, which validates every message and hands over each once."""
    access = settings.kafka
    assert access is not None
    name = topic(TopicKind.CASE_EVENTS, generation=settings.kafka_generation).name
    found = 0
    async with CaseEventConsumer(access, positions=MemoryPositions(), topics=[name]) as consumer:
        with timed() as watch:
            async for batch in consumer:
                found += len(batch.deliveries)
                if found >= count:
                    break
    return watch


PROGRAMS: dict[str, Callable[[Settings, int], Coroutine[Any, Any, Stopwatch]]] = {
    "relay-events": relay_events,
    "project-log": project_log,
    "project-topics": project_topics,
    "consume-with-client": consume_with_client,
    "consume-barely": consume_barely,
    "produce-barely": produce_barely,
    "produce-in-large-batches": produce_in_large_batches,
}


async def _projected(
    settings: Settings, count: int, run: Callable[[Settings, str, asyncio.Event], Coroutine[Any, Any, None]]
) -> Stopwatch:
    url, stop = settings.database_url, asyncio.Event()
    assert url is not None
    watching = engine_of(url, pool_size=1)
    with timed() as watch:
        running = asyncio.ensure_future(run(settings, url, stop))
        await _while_running(running, lambda: _shows(watching, count))
    stop.set()
    await running
    await watching.dispose()
    return watch


async def _while_running(running: asyncio.Future[None], condition: Callable[[], Awaitable[bool]]) -> None:
    """Return when the condition holds; raise what ended `running` before."""

    async def held_or_ended() -> bool:
        return running.done() or await condition()

    await until(held_or_ended, seconds=LIMIT_SECONDS)
    if running.done():
        running.result()


async def _shows(engine: AsyncEngine, position: int) -> bool:
    """Whether all that is up to the position is in the read models."""
    async with engine.connect() as connection:
        build = await live_build(connection)
        if build is None or min((await checkpoints(connection, build)).values()) < position:
            return False
        waits = exists().where(refolds.c.not_before.is_(None))
        return not await (await within(connection, build)).scalar(select(waits))


if __name__ == "__main__":
    logging.getLogger("aiokafka").setLevel(logging.CRITICAL)
    configure_journal(Settings(), process=sys.argv[1])
    wanted = int(sys.argv[2])
    took = asyncio.run(PROGRAMS[sys.argv[1]](Settings(), wanted))
    sys.stdout.write(json.dumps([wanted, took.seconds, took.processor_seconds]))
