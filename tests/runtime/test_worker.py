"""A process ends in order, and at the latest when its time is over."""

import asyncio
import os
import signal

import pytest

from tiendo_runtime.worker import run_until_stopped


async def test_sigterm_lets_work_end_in_order() -> None:
    steps = []

    async def work(stop: asyncio.Event) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        await stop.wait()
        steps.append("ended in order")

    await run_until_stopped(work)
    assert steps == ["ended in order"]


async def test_work_that_does_not_end_is_cancelled_when_its_time_is_over() -> None:
    async def work(stop: asyncio.Event) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        await stop.wait()
        await asyncio.Event().wait()

    async with asyncio.timeout(60):
        await run_until_stopped(work, stop_seconds=0.05)


async def test_a_fault_of_the_work_is_the_programs() -> None:
    async def work(_stop: asyncio.Event) -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        await run_until_stopped(work)
