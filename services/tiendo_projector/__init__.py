"""The projector: folds the cases of the log into the read models, as the log grows or all anew."""

import asyncio
from collections.abc import Collection

from tiendo_projector.errors import ProjectorError, RebuildFailed, RebuildRunning
from tiendo_projector.following import Follower
from tiendo_projector.rebuilding import Phase, RebuildProgress, Report, rebuild
from tiendo_read_models.projection_tables import SHARD_COUNT
from tiendo_runtime.database import application_engine
from tiendo_runtime.settings import Settings
from tiendo_runtime.shown_metrics import shown_metrics

__all__ = ["Phase", "ProjectorError", "RebuildFailed", "RebuildProgress", "RebuildRunning", "Report", "rebuild", "run"]

_POOL_SIZE = 8


async def run(
    settings: Settings,
    database_url: str,
    stop: asyncio.Event,
    *,
    shards: Collection[int] = range(SHARD_COUNT),
) -> None:
    """Follow the log until `stop` is set, for those of `shards` that no other projector has; waits for a database that is away."""
    with shown_metrics(settings):
        engine = application_engine(database_url, pool_size=_POOL_SIZE)
        try:
            await Follower(engine, shards, stop).run()
        finally:
            await engine.dispose()
