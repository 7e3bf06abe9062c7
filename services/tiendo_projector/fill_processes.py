"""Filling a build in several processes."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import asdict

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_projector.errors import RebuildFailed
from tiendo_projector.filling import Fill, Filled
from tiendo_read_models.builds import Build
from tiendo_read_models.refolding import CaseKey
from tiendo_runtime.errors import WorkerEnded
from tiendo_runtime.worker_processes import worker_pool


@asynccontextmanager
async def filling_in_processes(engine: AsyncEngine, build: Build, head: int, processes: int) -> AsyncIterator[Fill]:
    """Filling in `processes` further processes, each with connections of its own; they end with this one, however it ends.

    Raises RebuildFailed when one of them has ended.
    """
    where = {"url": engine.url.render_as_string(hide_password=False), "build": asdict(build), "head": head}
    try:
        async with worker_pool("tiendo_projector.fill_worker", where, processes) as pool:

            async def fill(cases: Sequence[CaseKey]) -> Filled:
                return Filled(**await pool.ask([[key.case_id, key.shard] for key in cases]))

            yield fill
            await pool.ask_each(None)
    except WorkerEnded as error:
        raise RebuildFailed("a process that folded cases has ended; the read models are as before") from error
