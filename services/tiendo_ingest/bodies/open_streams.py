"""Streams stay open for long: the key that opened one is looked at again and again while it lasts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress

from tiendo_contracts.problems.problem_kinds import ProblemKind, Refusal

LOOK_SECONDS = 2.0


async def while_valid(pieces: AsyncIterator[bytes], is_valid: Callable[[], Awaitable[bool]]) -> AsyncIterator[bytes]:
    """The pieces as they come; raises `Refusal` (401) some LOOK_SECONDS after the key was revoked or has expired, also while none come."""
    clock = asyncio.get_running_loop().time
    looked_at = clock()
    coming: asyncio.Future[bytes | None] | None = None
    try:
        while True:
            coming = coming or asyncio.ensure_future(anext(pieces, None))
            await asyncio.wait({coming}, timeout=LOOK_SECONDS)
            if clock() - looked_at >= LOOK_SECONDS:
                if not await is_valid():
                    raise Refusal(ProblemKind.UNAUTHENTICATED, headers={"WWW-Authenticate": 'Bearer realm="tiendo"'})
                looked_at = clock()
            if coming.done():
                piece, coming = coming.result(), None
                if piece is None:
                    return
                yield piece
    finally:
        if coming is not None:
            coming.cancel()
            with suppress(asyncio.CancelledError, Refusal):
                await coming
