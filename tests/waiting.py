"""Waiting for a condition, with a limit; never for a time."""

import asyncio
from collections.abc import Awaitable, Callable


async def until(condition: Callable[[], bool | Awaitable[bool]], *, seconds: float = 60, what: str = "") -> None:
    """Return as soon as `condition` holds. Raises AssertionError after `seconds`."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        found = condition()
        if found if isinstance(found, bool) else await found:
            return
        assert asyncio.get_running_loop().time() < deadline, f"not within {seconds} s: {what or condition}"
        await asyncio.sleep(0.02)
