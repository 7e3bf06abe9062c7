"""While many messages are read at once no garbage is collected; afterwards all is as the program wants it."""

import asyncio
import gc
from collections.abc import Iterator

import pytest

from tiendo_client.collecting import CollectingBetween, collecting_afterwards


@pytest.fixture(autouse=True)
def _collection_as_before() -> Iterator[None]:
    yield
    gc.enable()


def reading_no_message() -> None:
    with collecting_afterwards():
        assert not gc.isenabled()
        raise ValueError("no message")


def test_garbage_is_collected_again_after_messages_were_read_also_where_they_were_none() -> None:
    with pytest.raises(ValueError, match="no message"):
        reading_no_message()
    assert gc.isenabled()


def test_a_program_that_wants_no_collection_gets_none() -> None:
    gc.disable()
    with collecting_afterwards():
        pass
    assert not gc.isenabled()


async def test_garbage_is_collected_while_work_waits_and_its_cancellation_reaches_it() -> None:
    seen: list[bool | str] = []

    async def work() -> None:
        seen.append(gc.isenabled())
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            seen.append("cancelled")
            raise

    task = asyncio.ensure_future(CollectingBetween(work()))
    await asyncio.sleep(0)
    seen.append(gc.isenabled())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert seen == [False, True, "cancelled"]


async def test_work_between_whose_steps_garbage_is_collected_returns_what_it_found() -> None:
    async def work() -> int:
        await asyncio.sleep(0)
        return 7

    assert await asyncio.ensure_future(CollectingBetween(work())) == 7
