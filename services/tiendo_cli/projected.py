"""Read models level with the log, for commands that show figures: where no projector runs, the command projects what is missing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import tiendo_projector
from tiendo_cli.context import Context
from tiendo_cli.terminal import progress_bar
from tiendo_event_store import EventLog
from tiendo_query.query_side import QuerySide
from tiendo_read_models.errors import NoLiveBuild
from tiendo_read_models.status import projection_status

_POLL_SECONDS = 0.05


@asynccontextmanager
async def query_side(context: Context) -> AsyncIterator[QuerySide]:
    """What answers questions, over read models that hold everything that was in the log when the command began."""
    await bring_level(context)
    side = QuerySide(context.engine)
    try:
        yield side
    finally:
        await side.close()


async def bring_level(context: Context) -> None:
    """Wait until the read models hold what the log holds now and no case waits to be folded again; project it here if nobody else does."""
    head = await EventLog(context.engine).head()
    if await _distance(context, head) == 0:
        return
    stop = asyncio.Event()
    projector = asyncio.ensure_future(tiendo_projector.run(context.settings, context.url, stop))
    try:
        await _wait(context, head, projector)
    finally:
        stop.set()
        await projector


async def _wait(context: Context, head: int, projector: asyncio.Future[None]) -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("computing timelines"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with progress_bar(*columns) as progress:
        task = progress.add_task("", total=head)
        while (distance := await _distance(context, head)) > 0:
            if projector.done():
                # It ends only by an error while nobody has stopped it.
                await projector
            progress.update(task, completed=max(0, head - distance))
            await asyncio.sleep(_POLL_SECONDS)


async def _distance(context: Context, head: int) -> int:
    """Positions to project plus cases to fold again; at least 1 while there is no build of this version."""
    try:
        status = await projection_status(context.engine)
    except NoLiveBuild:
        return head + 1
    behind = max(0, head - status.position) + status.refolds
    return behind if status.as_defined else behind + 1
