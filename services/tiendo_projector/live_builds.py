"""The live build to follow: made if there is none, made anew if another version made it."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_projector.errors import ProjectorError
from tiendo_read_models.builds import Build, ensure_live_build, is_as_defined
from tiendo_runtime.stop_aware_waiting import Stopped, run_until, sleep_until

_AGAIN_SECONDS = 1.0

Rebuild = Callable[[AsyncEngine], Coroutine[Any, Any, Build]]

_journal = structlog.get_logger("tiendo.projector")


async def live_build_as_defined(engine: AsyncEngine, stop: asyncio.Event, rebuild: Rebuild) -> Build | None:
    """The live build; the first one is made, and one of other table definitions is replaced, before it is followed. None when stopped."""
    while not stop.is_set():
        async with engine.begin() as connection:
            build = await ensure_live_build(connection)
            if await is_as_defined(connection, build):
                return build
        _journal.warning("read models were made by another version; they are made anew", build=build.schema_name)
        await _made_anew(engine, stop, rebuild)
    return None


async def _made_anew(engine: AsyncEngine, stop: asyncio.Event, rebuild: Rebuild) -> None:
    """Rebuild, unless another process does so already; a stop ends it."""
    try:
        await run_until(stop, rebuild(engine))
    except Stopped:
        return
    except ProjectorError as error:
        _journal.warning("read models are still those of another version", error=str(error))
        await sleep_until(stop, _AGAIN_SECONDS)
