"""Working through many things, some of them at once."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

_Thing = TypeVar("_Thing")
_Result = TypeVar("_Result")


async def work_through(
    things: AsyncIterator[_Thing],
    work: Callable[[_Thing], Awaitable[_Result]],
    take: Callable[[_Thing, _Result], None],
    *,
    at_once: int,
) -> None:
    """Work on every thing, on at most `at_once` of them at a time, and take each result as it comes; the first error ends all of it."""
    pending: dict[asyncio.Future[_Result], _Thing] = {}
    try:
        async for thing in things:
            pending[asyncio.ensure_future(work(thing))] = thing
            if len(pending) >= at_once:
                await _taken(pending, take)
        while pending:
            await _taken(pending, take)
    finally:
        for task in pending:
            task.cancel()
        await asyncio.gather(*pending, return_exceptions=True)


async def _taken(pending: dict[asyncio.Future[_Result], _Thing], take: Callable[[_Thing, _Result], None]) -> None:
    """Wait for at least one, and take what is done."""
    done, _ = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        take(pending.pop(task), task.result())
