"""The live tail: what is acknowledged is visible soon, once, whatever else there is."""

import asyncio

from sqlalchemy.ext.asyncio import AsyncEngine
from tests.projector.logs import followed_to_the_end, many_cases, read_models, received_text, rows_of, send
from tests.waiting import until

from tiendo_projector import rebuild
from tiendo_read_models.builds import wait_for_position


async def test_what_is_acknowledged_at_rest_is_visible_within_a_second(
    engine: AsyncEngine, projector: asyncio.Task[None]
) -> None:
    await until(lambda: followed_to_the_end(engine))
    loop = asyncio.get_running_loop()
    waits: list[float] = []
    for number in range(20):
        await send(engine, [received_text(f"HS-{number}")])
        acknowledged_at = loop.time()
        await until(lambda number=number: _has(engine, f"HS-{number}"), seconds=5)  # type: ignore[misc]
        waits.append(loop.time() - acknowledged_at)
    assert max(waits) < 1, waits
    assert not projector.done()


async def test_a_log_that_grows_meanwhile_is_followed_to_its_end(
    engine: AsyncEngine, projector: asyncio.Task[None]
) -> None:
    texts = many_cases(300, seed=2)
    for start in range(0, len(texts), 50):
        await send(engine, texts[start : start + 50])
    await until(lambda: followed_to_the_end(engine), seconds=60)
    followed = await read_models(engine)
    await rebuild(engine, processes=1)
    assert await read_models(engine) == followed
    assert not projector.done()


async def test_a_position_that_was_seen_can_be_waited_for(engine: AsyncEngine, projector: asyncio.Task[None]) -> None:
    await send(engine, many_cases(3))
    async with asyncio.timeout(20):
        await wait_for_position(engine, 3, timeout_seconds=20)
    assert not projector.done()


async def _has(engine: AsyncEngine, case_id: str) -> bool:
    return (case_id,) in await rows_of(engine, "cases", "case_id")
