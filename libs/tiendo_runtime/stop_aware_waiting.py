"""Waiting and work that end as soon as the process is asked to stop, and what a loop does every so often."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager, suppress
from random import SystemRandom
from typing import Any, Final, TypeVar

_T = TypeVar("_T")

BACK_OFF_FIRST_SECONDS: Final = 0.1
BACK_OFF_LAST_SECONDS: Final = 5.0
_CHANCE: Final = SystemRandom()


class Stopped(Exception):  # noqa: N818 - no error
    """The work was given up, for the process is asked to stop."""


class BackOff:
    """Ever longer waits, up to a limit; from the beginning again after something went well.

    `jitter`: of each wait up to that share is left out by chance, so that many who wait for one thing do not come back at once.
    """

    def __init__(
        self,
        stop: asyncio.Event,
        *,
        first_seconds: float = BACK_OFF_FIRST_SECONDS,
        last_seconds: float = BACK_OFF_LAST_SECONDS,
        jitter: float = 0.0,
    ) -> None:
        self._stop = stop
        self._last_seconds = last_seconds
        self._jitter = jitter
        self._first_seconds = self._seconds = first_seconds

    @property
    def seconds(self) -> float:
        """How long the next wait is."""
        return self._seconds

    def reset(self) -> None:
        """Begin again with the shortest wait."""
        self._seconds = self._first_seconds

    async def wait(self, *, least_seconds: float = 0.0) -> None:
        """Wait, or until the process is asked to stop; not shorter than `least_seconds`."""
        seconds, self._seconds = self._seconds, min(self._seconds * 2, self._last_seconds)
        seconds -= _CHANCE.uniform(0.0, self._jitter) * seconds
        await sleep_until(self._stop, max(seconds, least_seconds))


class DueTimes:
    """When a loop did each of its further things last. `at_once`: each is due when it is asked for first, else only after its interval."""

    def __init__(self, *, at_once: bool = True) -> None:
        self._at_once = at_once
        self._due: dict[str, float] = {}

    def is_due(self, what: str, every_seconds: float) -> bool:
        """Whether the interval is over since the last time that this was true."""
        now = asyncio.get_running_loop().time()
        if now < self._due.setdefault(what, now if self._at_once else now + every_seconds):
            return False
        self._due[what] = now + every_seconds
        return True

    def make_due(self, what: str) -> None:
        """As if it had never been asked for."""
        self._due.pop(what, None)

    def clear(self) -> None:
        """As if nothing had ever been asked for."""
        self._due.clear()


async def sleep_until(stop: asyncio.Event, seconds: float) -> None:
    """Wait for so long, or until the process is asked to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


@asynccontextmanager
async def siblings() -> AsyncIterator[asyncio.TaskGroup]:
    """Tasks, and the block itself, that end together: when one fails the others are cancelled, and the first error is raised, alone."""
    try:
        async with asyncio.TaskGroup() as group:
            yield group
    except BaseExceptionGroup as errors:
        raise errors.exceptions[0] from None


async def run_until(stop: asyncio.Event, work: Coroutine[Any, Any, _T], *, grace_seconds: float = 0.0) -> _T:
    """What `work` returns. Once the process is asked to stop it has the grace to end, then it is cancelled. Raises Stopped.

    Whoever waits here leaves after the work has ended, and not before, however often it is cancelled.
    """
    task = asyncio.ensure_future(work)
    stopped = asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done() and grace_seconds:
            await asyncio.wait({task}, timeout=grace_seconds)
        if task.done():
            return task.result()
    finally:
        stopped.cancel()
        if not task.done():
            task.cancel()
            await _ended(task)
    raise Stopped


@asynccontextmanager
async def beside(work: Coroutine[Any, Any, None], *, name: str | None = None) -> AsyncIterator[None]:
    """The work runs beside the block, and at its end is cancelled and waited for."""
    task = asyncio.create_task(work, name=name)
    try:
        yield
    finally:
        await called_off(task)


async def called_off(task: asyncio.Task[Any]) -> None:
    """Cancel the task and wait until it has ended; what it failed with is raised."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def to_its_end(work: Coroutine[Any, Any, _T]) -> _T:
    """What `work` returns, for what must not be broken off in the middle: who is cancelled meanwhile is so once it has ended.

    `work` has limits of its own.
    """
    task = asyncio.ensure_future(work)
    await _ended(task)
    return task.result()


async def _ended(task: asyncio.Task[Any]) -> None:
    """Return when the task has ended, however it did; a cancellation meanwhile is raised then."""
    cancelled = False
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError:
            cancelled = True
    if not task.cancelled():
        task.exception()  # it is known by now, to whoever would be told that nobody asked for it
    if cancelled:
        raise asyncio.CancelledError
