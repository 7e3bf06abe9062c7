"""The live tail: what is acknowledged is visible soon, once, whatever else there is."""

import asyncio
from collections.abc import Sequence

import httpx
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.conftest import running_projector
from tests.projector.logs import address_of, followed_to_the_end, many_cases, read_models, received_text, rows_of, send
from tests.projector.watching import somebody_waits, watched
from tests.waiting import until

import tiendo_projector
from tiendo_contracts.events.case_events import accept_text
from tiendo_event_store import CoalescingWriter, EventLog
from tiendo_projector import rebuild
from tiendo_projector.look_pauses import BUSY_SECONDS, LOOKS_BEFORE_REST, REST_SECONDS, LookPauses
from tiendo_read_models.position_watch import PositionWatch
from tiendo_runtime.settings import Settings


async def test_what_is_acknowledged_at_rest_becomes_visible_at_the_next_look(
    engine: AsyncEngine, projector: asyncio.Task[None]
) -> None:
    await until(lambda: followed_to_the_end(engine))
    for number in range(20):
        await send(engine, [received_text(f"HS-{number}")])
        await until(lambda number=number: _has(engine, f"HS-{number}"))  # type: ignore[misc]
    assert not projector.done()


def test_looks_follow_more_closely_while_events_come_and_rest_longer_when_none_has_come_for_a_while() -> None:
    # How long it takes until an event is visible is measured by `make bench`: it must stay under a second.
    assert BUSY_SECONDS < REST_SECONDS <= 0.1
    pauses = LookPauses()
    assert pauses.next_seconds() == REST_SECONDS
    pauses.found()
    assert [pauses.next_seconds() for _ in range(LOOKS_BEFORE_REST)] == [BUSY_SECONDS] * LOOKS_BEFORE_REST
    assert pauses.next_seconds() == REST_SECONDS


async def test_a_writer_that_never_rests_is_followed(engine: AsyncEngine, projector: asyncio.Task[None]) -> None:
    texts = many_cases(300, seed=2)
    async with watched(engine), CoalescingWriter(engine) as writer, asyncio.TaskGroup() as senders:
        for sender in range(8):
            senders.create_task(_send_one_by_one(writer, texts[sender::8]))
    await until(lambda: followed_to_the_end(engine), seconds=60)
    followed = await read_models(engine)
    await rebuild(engine, processes=1)
    assert await read_models(engine) == followed
    assert not projector.done()


async def test_a_position_that_was_seen_can_be_waited_for(engine: AsyncEngine, projector: asyncio.Task[None]) -> None:
    await send(engine, many_cases(3))
    async with asyncio.timeout(60):
        await PositionWatch(engine).wait_for(3, timeout_seconds=60)
    assert not projector.done()


@pytest.mark.parametrize("table", ["projection_pointer", "events"])
async def test_a_projector_that_waits_for_a_lock_ends_when_it_is_asked_to(
    engine: AsyncEngine, owner_engine: AsyncEngine, table: str
) -> None:
    async with owner_engine.begin() as held:
        await held.execute(text(f"LOCK TABLE tiendo.{table} IN ACCESS EXCLUSIVE MODE"))
        async with running_projector(address_of(engine)):
            await until(lambda: somebody_waits(engine), what="the projector waits for the lock")


async def _send_one_by_one(writer: CoalescingWriter, texts: Sequence[str]) -> None:
    for one in texts:
        await writer.append([accept_text(one)])


async def _has(engine: AsyncEngine, case_id: str) -> bool:
    return (case_id,) in await rows_of(engine, "cases", "case_id")


async def test_metrics_show_how_far_a_projector_is(engine: AsyncEngine, unused_port: int) -> None:
    stop = asyncio.Event()
    settings = Settings(metrics_port=unused_port)
    task = asyncio.ensure_future(tiendo_projector.run(settings, address_of(engine), stop))
    await send(engine, [received_text("HS-1")])
    head = await EventLog(engine).head()
    async with httpx.AsyncClient(timeout=60) as client:

        async def shown() -> bool:
            lines = (await client.get(f"http://127.0.0.1:{unused_port}/metrics")).text.splitlines()
            return {
                f"tiendo_projector_position {float(head)}",
                "tiendo_projector_lag_events 0.0",
                "tiendo_projector_shards 16.0",
            } <= set(lines)

        await until(lambda: followed_to_the_end(engine))
        await until(shown)
    stop.set()
    await task
