"""The projector: folds the cases of the log into the read models, as the log grows or all anew; or those of other logs, over Kafka."""

import asyncio
from collections.abc import Collection
from importlib import import_module
from typing import TYPE_CHECKING, Final

from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.shards import SHARD_COUNT
from tiendo_projector.errors import ProjectorError, RebuildFailed, RebuildRunning
from tiendo_projector.one_truth import follows_others
from tiendo_runtime.settings import Settings

if TYPE_CHECKING:
    from tiendo_projector.over_kafka.consumers import CONSUMER
    from tiendo_projector.over_kafka.running import run_over_kafka
    from tiendo_projector.rebuilding import Phase, RebuildProgress, Report
    from tiendo_read_models.builds import Build

__all__ = [
    "CONSUMER",
    "Phase",
    "ProjectorError",
    "RebuildFailed",
    "RebuildProgress",
    "RebuildRunning",
    "Report",
    "follows_others",
    "processes_at_work",
    "rebuild",
    "run",
    "run_over_kafka",
]

_POOL_SIZE = 8
_MODULES: Final = {
    "CONSUMER": "over_kafka.consumers",
    "Phase": "rebuilding",
    "RebuildProgress": "rebuilding",
    "Report": "rebuilding",
    "run_over_kafka": "over_kafka.running",
}


def __getattr__(name: str) -> object:
    """What is public and needs Kafka or processes of its own, imported when it is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    globals()[name] = found
    return found


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
    from tiendo_projector.following import Follower  # noqa: PLC0415 - who asks `follows_others` projects nothing
    from tiendo_runtime.database import application_engine  # noqa: PLC0415 - likewise
    from tiendo_runtime.shown_metrics import shown_metrics  # noqa: PLC0415 - likewise

    with shown_metrics(settings):
        engine = application_engine(database_url, pool_size=_POOL_SIZE)
        try:
            await Follower(engine, shards, stop).run()
        finally:
            await engine.dispose()


async def processes_at_work(engine: AsyncEngine) -> int:
    """How many projectors are at work on the database now, of its own log or of those that it follows."""
    from tiendo_projector.over_kafka.generations import followers_at_work  # noqa: PLC0415 - likewise
    from tiendo_projector.ownership import processes_at_work as own_projectors_at_work  # noqa: PLC0415 - likewise

    return await (followers_at_work if await follows_others(engine) else own_projectors_at_work)(engine)


async def rebuild(engine: AsyncEngine, progress: "Report | None" = None, *, processes: int | None = None) -> "Build":
    """The new live build, made from all that the database holds: its own log, or the events that it follows.

    The rest is as `tiendo_projector.rebuilding.rebuild` says; followed events are folded by this process alone.
    """
    from tiendo_projector.over_kafka.rebuilding import rebuild_followed  # noqa: PLC0415 - likewise
    from tiendo_projector.rebuilding import rebuild as rebuild_from_log  # noqa: PLC0415 - likewise

    if await follows_others(engine):
        return await rebuild_followed(engine, progress)
    return await rebuild_from_log(engine, progress, processes=processes)
