"""Pauses and work that end as soon as the process is asked to stop."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final, TypeVar

_T = TypeVar("_T")

BACK_OFF_FIRST_SECONDS: Final = 0.2
BACK_OFF_LAST_SECONDS: Final = 5.0


class Stopped(Exception):  # noqa: N818 - no error
    """The work was given up, for the process is asked to stop."""


class BackOff:
    """Ever longer pauses, up to a limit; from the beginning again after something went well."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._seconds = BACK_OFF_FIRST_SECONDS

    @property
    def seconds(self) -> float:
        """How long the next pause is."""
        return self._seconds

    def reset(self) -> None:
        """Begin again with the shortest pause."""
        self._seconds = BACK_OFF_FIRST_SECONDS

    async def pause(self) -> None:
        """Wait, or until the process is asked to stop."""
        seconds, self._seconds = self._seconds, min(self._seconds * 2, BACK_OFF_LAST_SECONDS)
        await pause(self._stop, seconds)


async def pause(stop: asyncio.Event, seconds: float) -> None:
    """Wait for so long, or until the process is asked to stop."""
    with suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


async def unless_stopped(stop: asyncio.Event, work: Coroutine[Any, Any, _T], *, grace_seconds: float = 0.0) -> _T:
    """What `work` returns. Once the process is asked to stop it has the grace to end, then it is cancelled. Raises Stopped."""
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
            await asyncio.gather(task, return_exceptions=True)
    raise Stopped
