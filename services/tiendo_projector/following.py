"""The projector's loop: follow the log, share the shards out, come back when the database was away."""

import asyncio
from collections.abc import Collection

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_event_store import EventLog
from tiendo_event_store.causes import cause_of
from tiendo_event_store.faults import is_transient
from tiendo_projector import metrics
from tiendo_projector.backlog import Backlog
from tiendo_projector.build_cleanup import drop_leftovers
from tiendo_projector.errors import BuildReplaced
from tiendo_projector.live_builds import live_build_as_defined
from tiendo_projector.look_pauses import REST_SECONDS, LookPauses
from tiendo_projector.ownership import ShardLocks
from tiendo_projector.projection import Projection
from tiendo_projector.rebuilding import rebuild
from tiendo_read_models.errors import CheckpointMoved
from tiendo_runtime.stop_aware_waiting import BackOff, DueTimes, Stopped, run_until, sleep_until

SHARE_SECONDS = 1.0
REFOLD_SECONDS = 0.5
TIDY_SECONDS = 60.0
STOP_SECONDS = 2.0
"""How long what is under way may take when the process is asked to stop; then its transaction is given up, and nothing of it stands."""

_journal = structlog.get_logger("tiendo.projector")


class Follower:
    """A process's part in projecting the log: the `shards` it may take, until `stop` is set.

    `backlog`: what the same process still brings into the log; the cases of much of it are folded once, at its end.
    """

    def __init__(
        self, engine: AsyncEngine, shards: Collection[int], stop: asyncio.Event, backlog: Backlog | None = None
    ) -> None:
        self._engine = engine
        self._log = EventLog(engine)
        self._shards = shards
        self._stop = stop
        self._backlog = backlog or Backlog()
        self._due = DueTimes()
        self._pauses = LookPauses()
        self._back_off = BackOff(stop)

    async def run(self) -> None:
        """Follow the log until stopped; whenever the database is away, come back to it. What is no such fault is raised."""
        while not self._stop.is_set():
            try:
                await run_until(self._stop, self._follow(), grace_seconds=STOP_SECONDS)
            except Stopped:
                return
            except Exception as error:
                if not is_transient(error):
                    raise
                metrics.INTERRUPTIONS.inc()
                _journal.warning("database is away", cause=cause_of(error), again_in_seconds=self._back_off.seconds)
                await self._back_off.wait()

    async def _follow(self) -> None:
        """Until stopped, with one connection's locks."""
        async with ShardLocks(self._engine, self._shards) as locks:
            self._due.clear()
            while not self._stop.is_set():
                await locks.refresh()
                metrics.SHARDS.set(len(locks.held))
                if locks.held:
                    await self._follow_build(locks)
                else:
                    await sleep_until(self._stop, SHARE_SECONDS)

    async def _follow_build(self, locks: ShardLocks) -> None:
        """Until the build or the shards held are others, or stopped."""
        build = await live_build_as_defined(self._engine, self._stop, rebuild)
        if build is None:
            return
        projection = await Projection.open(self._engine, build, locks.held, live=True)
        _journal.info("following", build=build.schema_name, shards=sorted(locks.held), position=projection.position)
        try:
            await projection.retry_faults()
            while not self._stop.is_set():
                if self._due.is_due("share", SHARE_SECONDS):
                    if await locks.refresh():
                        return
                    await self._measure(projection)
                await self._tidy()
                await self._turn(projection)
                self._back_off.reset()
        except (CheckpointMoved, BuildReplaced) as reason:
            _journal.info("starting over", reason=type(reason).__name__)
            await sleep_until(self._stop, REST_SECONDS)

    async def _turn(self, projection: Projection) -> None:
        """One batch and some of the refold list; a short rest when there is neither, or much more is to come first."""
        if self._backlog.grows:
            await sleep_until(self._stop, REST_SECONDS)
            return
        passed = await projection.step(self._stop)
        if passed:
            self._pauses.found()
        else:
            self._backlog.projected()
        refolded = 0
        if passed or self._due.is_due("refold", REFOLD_SECONDS):
            refolded = await projection.refold()
        if refolded:
            self._due.make_due("refold")
        elif not passed:
            await sleep_until(self._stop, self._pauses.next_seconds())

    async def _measure(self, projection: Projection) -> None:
        metrics.LAG.set(max(0, await self._log.head() - projection.position))
        metrics.POSITION.set(projection.position)

    async def _tidy(self) -> None:
        if self._due.is_due("tidy", TIDY_SECONDS):
            await drop_leftovers(self._engine)
