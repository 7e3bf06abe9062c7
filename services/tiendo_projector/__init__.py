"""The projector: folds the cases of the log into the read models, as the log grows or all anew; or those of other logs, over Kafka."""

import asyncio
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.shards import SHARD_COUNT
from tiendo_projector.errors import ProjectorError, RebuildFailed, RebuildRunning
from tiendo_projector.following import Follower
from tiendo_projector.one_truth import follows_others
from tiendo_projector.over_kafka.consumers import CONSUMER
from tiendo_projector.over_kafka.rebuilding import rebuild_followed
from tiendo_projector.over_kafka.running import run_over_kafka
from tiendo_projector.rebuilding import Phase, RebuildProgress, Report
from tiendo_projector.rebuilding import rebuild as rebuild_from_log
from tiendo_read_models.builds import Build
from tiendo_runtime.database import application_engine
from tiendo_runtime.settings import Settings
from tiendo_runtime.shown_metrics import shown_metrics

__all__ = [
    "CONSUMER",
    "Phase",
    "ProjectorError",
    "RebuildFailed",
    "RebuildProgress",
    "RebuildRunning",
    "Report",
    "follows_others",
    "rebuild",
    "run",
    "run_over_kafka",
]

_POOL_SIZE = 8


async def run(
    settings: Settings,
    database_url: str,
    stop: asyncio.Event,
    *,
    shards: Collection[int] = range(SHARD_COUNT),
) -> None:
    """Follow the log until `stop` is set, for those of `shards` that no other projector has; waits for a database that is away.

    Raises TwoTruths on a database that follows other logs.
    """
    with shown_metrics(settings):
        engine = application_engine(database_url, pool_size=_POOL_SIZE)
        try:
            await Follower(engine, shards, stop).run()
        finally:
            await engine.dispose()


async def rebuild(engine: AsyncEngine, progress: Report | None = None, *, processes: int | None = None) -> Build:
    """The new live build, made from all that the database holds: its own log, or the events that it follows.

    The rest is as `tiendo_projector.rebuilding.rebuild` says; followed events are folded by this process alone.
    """
    if await follows_others(engine):
        return await rebuild_followed(engine, progress)
    return await rebuild_from_log(engine, progress, processes=processes)
