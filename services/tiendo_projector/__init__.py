"""The projector: folds the cases of the log into the read models, as the log grows or all anew; or those of other logs, over Kafka."""

import asyncio
from collections.abc import Collection
from importlib import import_module
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_contracts.shards import SHARD_COUNT
from tiendo_projector.errors import ProjectorError, RebuildFailed, RebuildRunning

if TYPE_CHECKING:
    from tiendo_projector.over_kafka.kafka_following import run_over_kafka
    from tiendo_projector.over_kafka.topic_consumers import CONSUMER
    from tiendo_projector.rebuilding import Phase, RebuildProgress, Report
    from tiendo_read_models.builds import Build
    from tiendo_runtime.settings import Settings

__all__ = [
    "CONSUMER",
    "Phase",
    "ProjectorError",
    "RebuildFailed",
    "RebuildProgress",
    "RebuildRunning",
    "Report",
    "followers_at_work",
    "processes_at_work",
    "rebuild",
    "run",
    "run_over_kafka",
]

_POOL_SIZE = 8
_MODULES: Final = {
    "CONSUMER": "over_kafka.topic_consumers",
    "Phase": "rebuilding",
    "RebuildProgress": "rebuilding",
    "Report": "rebuilding",
    "run_over_kafka": "over_kafka.kafka_following",
}


def __getattr__(name: str) -> object:
    """What is public and needs Kafka or processes of its own, imported when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


async def run(
    settings: "Settings",
    database_url: str,
    stop: asyncio.Event,
    *,
    shards: Collection[int] = range(SHARD_COUNT),
) -> None:
    """Follow the log until `stop` is set, for those of `shards` that no other projector has; waits for a database that is away."""
    from tiendo_projector.following import Follower  # noqa: PLC0415 - likewise
    from tiendo_runtime.cycle_collection import few_collections  # noqa: PLC0415 - who only looks projects nothing
    from tiendo_runtime.database import service_engine  # noqa: PLC0415 - likewise
    from tiendo_runtime.shown_metrics import shown_metrics  # noqa: PLC0415 - likewise

    with shown_metrics(settings), few_collections():
        engine = service_engine(database_url, DatabaseRole.PROJECTOR, pool_size=_POOL_SIZE)
        try:
            await Follower(engine, shards, stop).run()
        finally:
            await engine.dispose()


async def processes_at_work(engine: AsyncEngine) -> int:
    """How many projectors are at work on the database now."""
    from tiendo_projector import ownership  # noqa: PLC0415 - likewise

    return await ownership.processes_at_work(engine)


async def followers_at_work(engine: AsyncEngine) -> int:
    """How many of them follow other logs into it."""
    from tiendo_projector.over_kafka import generations  # noqa: PLC0415 - likewise

    return await generations.followers_at_work(engine)


async def rebuild(engine: AsyncEngine, progress: "Report | None" = None, *, processes: int | None = None) -> "Build":
    """The new live build, made from all that the log holds, as `tiendo_projector.rebuilding.rebuild` says."""
    from tiendo_projector.rebuilding import rebuild as rebuild_from_log  # noqa: PLC0415 - likewise

    return await rebuild_from_log(engine, progress, processes=processes)
