"""Work ends as soon as the process is asked to stop, together with its siblings, or comes to its end where it must."""

import asyncio

import pytest

from tiendo_runtime.stop_aware_waiting import Stopped, beside, run_until, siblings, to_its_end


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


async def test_a_part_that_fails_stops_its_siblings_and_its_error_alone_is_raised() -> None:
    steps: list[str] = []

    async def ending_badly() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            steps.append("stopped")
            raise OSError("while it was stopped")

    async def failing() -> None:
        raise LookupError("first")

    async def together() -> None:
        async with siblings() as group:
            group.create_task(ending_badly())
            await asyncio.sleep(0)
            group.create_task(failing())
            await asyncio.Event().wait()

    with pytest.raises(LookupError, match="first"):
        await together()
    assert steps == ["stopped"]


async def test_who_is_cancelled_while_siblings_run_is_cancelled_once_they_have_ended() -> None:
    steps: list[str] = []

    async def going_on() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            steps.append("ended")

    async def together() -> None:
        async with siblings() as group:
            group.create_task(going_on())

    task = asyncio.ensure_future(together())
    for _ in range(3):
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == ["ended"]


async def test_work_that_is_not_over_when_the_process_is_asked_to_stop_is_given_up() -> None:
    stop = asyncio.Event()

    async def work() -> None:
        stop.set()
        await asyncio.Event().wait()

    with pytest.raises(Stopped):
        await run_until(stop, work())


async def test_work_has_the_grace_to_end_when_the_process_is_asked_to_stop() -> None:
    stop = asyncio.Event()

    async def work() -> int:
        stop.set()
        for _ in range(3):
            await asyncio.sleep(0)
        return 7

    assert await run_until(stop, work(), grace_seconds=60) == 7


async def test_who_gives_work_up_leaves_after_it_has_ended_however_often_it_is_cancelled() -> None:
    steps: list[str] = []
    go_on = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await to_its_end(go_on.wait())
            steps.append("ended")

    stop = asyncio.Event()
    task = asyncio.ensure_future(run_until(stop, work()))
    await asyncio.sleep(0)
    stop.set()
    for _ in range(5):
        await asyncio.sleep(0)
        task.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert steps == ["ended"]


async def test_what_runs_beside_a_block_has_ended_when_the_block_has() -> None:
    began, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with beside(work()):
        await began.wait()
        assert not ended.is_set()
    assert ended.is_set()


async def test_what_failed_beside_a_block_is_raised_at_its_end() -> None:
    failed = asyncio.Event()

    async def work() -> None:
        failed.set()
        raise LookupError("beside")

    with pytest.raises(LookupError, match="beside"):
        async with beside(work()):
            await failed.wait()
