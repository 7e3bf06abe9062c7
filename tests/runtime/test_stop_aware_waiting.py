"""What must not be broken off in the middle comes to its end."""

import asyncio

import pytest

from tiendo_runtime.stop_aware_waiting import to_its_end


async def test_what_must_come_to_its_end_does_so_however_often_it_is_cancelled() -> None:
    steps: list[str] = []
    go_on = asyncio.Event()

    async def work() -> None:
        await go_on.wait()
        steps.append("ended")

    task = asyncio.ensure_future(to_its_end(work()))
    for _ in range(3):
        await asyncio.sleep(0)
        task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == ["ended"]


async def test_what_came_to_its_end_is_handed_on() -> None:
    async def work() -> int:
        return 7

    assert await to_its_end(work()) == 7
