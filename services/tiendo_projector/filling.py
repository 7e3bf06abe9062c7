"""Filling a new build case by case, in this process or in several."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_domain.rules import RuleBook
from tiendo_event_store import EventLog, LogUnavailable
from tiendo_projector.folding_chunks import fold_cases, is_transient, is_unstorable, write_cases
from tiendo_read_models.builds import Build, within
from tiendo_read_models.folding import Fault
from tiendo_read_models.refolding import CaseKey
from tiendo_read_models.writing import Folded, UnitRecord, insert_cases, unit_records
from tiendo_runtime.database import application_engine

ATTEMPTS_MAX = 8
_BACK_OFF_SECONDS = 0.2
_POOL_SIZE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What one piece brought into the build; `units` are still to be merged."""

    cases: int
    events: int
    faults: int
    units: Sequence[UnitRecord]


Fill = Callable[[Sequence[CaseKey]], Awaitable[Filled]]


class Filler:
    """Writes cases into a build that holds nothing of them, with the rules as they stood at `head`."""

    def __init__(self, engine: AsyncEngine, build: Build, rules: RuleBook) -> None:
        self._engine = engine
        self._log = EventLog(engine)
        self._build = build
        self._rules = rules

    @classmethod
    async def open(cls, engine: AsyncEngine, build: Build, head: int) -> Self:
        """A filler with the rules that stand in the log up to `head`."""
        return cls(engine, build, RuleBook.fold(await EventLog(engine).directory_facts(up_to=head)))

    async def fill(self, cases: Sequence[CaseKey]) -> Filled:
        """What was written of `cases`, in one short transaction; tried again while the database is away."""
        for attempt in range(1, ATTEMPTS_MAX):
            try:
                return await self._fill(cases, again=attempt > 1)
            except Exception as error:
                if not (isinstance(error, LogUnavailable) or is_transient(error)):
                    raise
                await asyncio.sleep(_BACK_OFF_SECONDS * 2**attempt)
        return await self._fill(cases, again=True)

    async def _fill(self, cases: Sequence[CaseKey], *, again: bool) -> Filled:
        folded = await fold_cases(self._log, cases, self._rules)
        async with self._engine.begin() as connection:
            await connection.execute(text("SET LOCAL synchronous_commit = off"))
            faults = await self._write(await within(connection, self._build), folded, again=again)
        return Filled(
            cases=len(folded),
            events=sum(one.event_count for one in folded),
            faults=len(faults),
            units=unit_records(folded),
        )

    async def _write(self, connection: AsyncConnection, folded: Sequence[Folded], *, again: bool) -> list[Fault]:
        if not again:  # nothing to replace; after a lost answer there may be
            try:
                async with connection.begin_nested():
                    await insert_cases(connection, self._build, folded)
            except Exception as error:
                if not is_unstorable(error):
                    raise
            else:
                return [one for one in folded if isinstance(one, Fault)]
        return await write_cases(connection, self._build, folded)


@asynccontextmanager
async def filling_here(engine: AsyncEngine, build: Build, head: int) -> AsyncIterator[Fill]:
    """Filling in this process."""
    filler = await Filler.open(engine, build, head)
    yield filler.fill


@asynccontextmanager
async def filling_in_processes(engine: AsyncEngine, build: Build, head: int, processes: int) -> AsyncIterator[Fill]:
    """Filling in `processes` further processes, each with connections of its own; they end with this one."""
    executor = ProcessPoolExecutor(
        max_workers=processes,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
        initargs=(engine.url.render_as_string(hide_password=False), build, head),
    )
    loop = asyncio.get_running_loop()

    async def fill(cases: Sequence[CaseKey]) -> Filled:
        return await loop.run_in_executor(executor, _fill_here, cases)

    try:
        yield fill
    finally:
        await asyncio.to_thread(executor.shutdown, wait=True, cancel_futures=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worker:
    """What one of the further processes keeps between pieces."""

    runner: asyncio.Runner
    filler: Filler


_workers: list[_Worker] = []


def _start(url: str, build: Build, head: int) -> None:
    # An interrupt goes to the whole group; the process that was asked decides when the others end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    runner = asyncio.Runner()
    engine = application_engine(url, pool_size=_POOL_SIZE)
    _workers.append(_Worker(runner=runner, filler=runner.run(Filler.open(engine, build, head))))


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        with contextlib.suppress(OSError):
            parent.join()
        os._exit(1)


def _fill_here(cases: Sequence[CaseKey]) -> Filled:
    worker = _workers[0]
    return worker.runner.run(worker.filler.fill(cases))
