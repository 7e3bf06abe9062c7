"""Making the read models anew from the log, beside those that are read meanwhile."""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.shards import SHARD_COUNT
from tiendo_event_store import EventLog
from tiendo_event_store.causes import cause_of
from tiendo_event_store.faults import is_transient
from tiendo_event_store.reading.scanning import LogScan
from tiendo_projector.build_cleanup import drop_abandoned, drop_unread, only_rebuild
from tiendo_projector.errors import RebuildFailed
from tiendo_projector.fill_processes import filling_in_processes
from tiendo_projector.filling import Fill, Filled, filling_here
from tiendo_projector.folding_chunks import SizedCase, chunks_of
from tiendo_projector.projection import Projection
from tiendo_read_models.builds import (
    Build,
    advance,
    create_build,
    create_indexes,
    hold,
    hold_live_still,
    swap,
)
from tiendo_read_models.folds import note_all
from tiendo_read_models.refolding import CaseKey
from tiendo_read_models.tables import metadata
from tiendo_runtime.bounded_work import work_through
from tiendo_runtime.cycle_collection import few_collections
from tiendo_runtime.stop_aware_waiting import to_its_end

PROCESSES_MAX = 8
_EVENTS_FOR_PROCESSES = 20_000
_PAGE_CASES = 5_000
_SWAP_ATTEMPTS_MAX = 100
_DROP_SECONDS = 6.0
_DROP_PAUSE_SECONDS = 0.05
_SHARDS = range(SHARD_COUNT)

_journal = structlog.get_logger("tiendo.projector")


class Phase(StrEnum):
    """What a rebuild is doing."""

    FILLING = "filling"
    INDEXING = "indexing"
    CATCHING_UP = "catching-up"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class RebuildProgress:
    """How far a rebuild is: `events` of the `events_total` that the log held when it began (more come while it catches up)."""

    phase: Phase
    events: int
    events_total: int
    cases: int
    faults: int


Report = Callable[[RebuildProgress], None]


async def rebuild(engine: AsyncEngine, progress: Report | None = None, *, processes: int | None = None) -> Build:
    """The new live build, made from the whole log while the old one is read and followed, then swapped for it.

    `engine` is of the application's role. `processes` fill it (default: one a core, for a log worth it).
    Raises RebuildRunning, and RebuildFailed when the database stays away; the live build is then as it was.
    """
    report = progress or ignore

    async def make(build: Build) -> None:
        with few_collections():
            await _Rebuild(engine, build, report, processes).run()

    return await replacing(engine, make)


async def replacing(engine: AsyncEngine, make: Callable[[Build], Awaitable[None]]) -> Build:
    """The new build once `make` has filled it and put it in place of the live one; whatever goes wrong, it is dropped again.

    Raises RebuildRunning, and RebuildFailed when the database stays away.
    """
    async with only_rebuild(engine):
        await drop_unread(engine)
        try:
            async with engine.begin() as connection:
                build = await create_build(connection, indexed=False)
            await make(build)
        except BaseException as error:
            await to_its_end(_drop_unfinished(engine))
            if is_transient(error):
                raise RebuildFailed(
                    "the database went away during the rebuild; the read models are as before"
                ) from error
            raise
    return build


def ignore(_: RebuildProgress) -> None:
    """Tell nobody how far a rebuild is."""


async def _drop_unfinished(engine: AsyncEngine) -> None:
    """Drop what this rebuild has made, unless it is live by now; what was still writing into it lets go of it in a moment."""
    try:
        async with asyncio.timeout(_DROP_SECONDS):
            while not await drop_abandoned(engine):  # noqa: ASYNC110 - a table tells nobody that it is free
                await asyncio.sleep(_DROP_PAUSE_SECONDS)
    except Exception as error:  # noqa: BLE001 - the next rebuild or projector drops it; the first error is the one to be told
        _journal.info("unfinished build is left for later", cause=cause_of(error))


class _Rebuild:
    """One rebuild under way."""

    def __init__(self, engine: AsyncEngine, build: Build, report: Report, processes: int | None) -> None:
        self._engine = engine
        self._build = build
        self._report = report
        self._processes = processes or min(os.cpu_count() or 1, PROCESSES_MAX)
        self._events = self._cases = self._faults = self._head = 0

    async def run(self) -> None:
        self._head = await EventLog(self._engine).head()
        self._tell(Phase.FILLING)
        async with self._filling() as fill:
            await self._fill_all(fill)
        self._tell(Phase.INDEXING)
        await self._complete()
        projection = await Projection.open(self._engine, self._build, _SHARDS, live=False)
        self._tell(Phase.CATCHING_UP)
        await self._swap_when_level(projection)
        self._tell(Phase.DONE)

    def _filling(self) -> AbstractAsyncContextManager[Fill]:
        if self._processes == 1 or self._head < _EVENTS_FOR_PROCESSES:
            return filling_here(self._engine, self._build, self._head)
        return filling_in_processes(self._engine, self._build, self._head, self._processes)

    async def _fill_all(self, fill: Fill) -> None:
        await work_through(self._chunks(), fill, self._count, at_once=2 * self._processes + 1)

    async def _chunks(self) -> AsyncIterator[list[CaseKey]]:
        scan = LogScan(self._engine)
        after = ""
        while page := await scan.case_sizes(after, _PAGE_CASES):
            after = page[-1].case_id
            keys = [SizedCase(key=CaseKey(case_id=case.case_id, shard=case.shard), events=case.events) for case in page]
            for chunk in chunks_of(keys):
                yield chunk

    def _count(self, _: Sequence[CaseKey], filled: Filled) -> None:
        self._events += filled.events
        self._cases += filled.cases
        self._faults += filled.faults
        self._tell(Phase.FILLING)

    async def _complete(self) -> None:
        """Indexes and checkpoints of what was filled."""
        async with self._engine.begin() as connection:
            await note_all(connection, self._build, self._head)
            await create_indexes(connection, self._build)
            await hold(connection, self._build, dict.fromkeys(_SHARDS, 0))
            await advance(connection, self._build, dict.fromkeys(_SHARDS, self._head))
        async with self._engine.begin() as connection:
            for table in metadata.sorted_tables:
                await connection.execute(text(f"ANALYZE {self._build.schema_name}.{table.name}"))

    async def _swap_when_level(self, projection: Projection) -> None:
        for _ in range(_SWAP_ATTEMPTS_MAX):
            while await projection.step() or await projection.refold():
                self._tell(Phase.CATCHING_UP)
            async with self._engine.begin() as connection:
                # The live build stands still for the last batch only; the log goes on.
                level = await hold_live_still(connection)
                while projection.position < level and await projection.step():
                    pass
                if await swap(connection, self._build):
                    return
        raise RebuildFailed("the new read models never caught up with the live ones")

    def _tell(self, phase: Phase) -> None:
        self._report(
            RebuildProgress(
                phase=phase,
                events=self._events,
                events_total=max(self._head, self._events),
                cases=self._cases,
                faults=self._faults,
            )
        )
