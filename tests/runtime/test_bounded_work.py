"""Working through many things, some at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tiendo_runtime.bounded_work import work_through


async def things() -> AsyncIterator[int]:
    for number in range(7):
        yield number


async def test_all_is_worked_on_and_never_more_at_once_than_allowed() -> None:
    running, most = 0, 0
    taken: dict[int, int] = {}

    async def work(number: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return number * number

    await work_through(things(), work, taken.__setitem__, at_once=3)
    assert taken == {number: number * number for number in range(7)}
    assert most == 3


async def test_the_first_error_ends_what_is_under_way() -> None:
    cancelled: list[int] = []

    async def work(number: int) -> None:
        if number == 2:
            raise KeyError(number)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            cancelled.append(number)
            raise

    with pytest.raises(KeyError):
        await work_through(things(), work, lambda *_: None, at_once=3)
    assert cancelled == [0, 1]
