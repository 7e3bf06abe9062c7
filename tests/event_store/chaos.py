"""Rounds of trouble: processes that send and read, killed, and their connections cut, at moments that a seed decides."""

import asyncio
import contextlib
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.event_store.events import content_of
from tests.event_store.history import History, Read, Seen, calls_in, reads_in
from tests.event_store.reader_program import follow_in_process
from tests.event_store.sender_program import send_in_process
from tests.waiting import until

from tiendo_event_store import EventLog

SENDERS = ("sender-0", "sender-1", "sender-2", "bulk-3")
_START_SECONDS = 60
_RECOVERY_SECONDS = 60
_STOP_SECONDS = 60
_READ_LIMIT = 5_000

_CUT_ANY = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
 WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
 ORDER BY md5(pid::text || :seed) LIMIT 1
"""
_THE_ONE_THAT_APPENDS = """
SELECT pid FROM pg_locks
 WHERE locktype = 'advisory' AND granted AND pid <> pg_backend_pid()
   AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1
"""


@dataclass(slots=True, kw_only=True)
class Trouble:
    """What was done in a round."""

    kills: int = 0
    cuts: int = 0
    crashes: int = 0


@dataclass(slots=True, kw_only=True)
class Round:
    """One round on one database, in a folder of its own; the same seed makes the same plan of trouble."""

    url: str
    owner: AsyncEngine
    folder: Path
    seed: int
    seconds: float
    trouble: Trouble = field(default_factory=Trouble)
    _senders: dict[str, BaseProcess] = field(default_factory=dict)

    async def run(self, log: EventLog) -> History:
        """The history of the round, to the end of the log."""
        base = await log.head()
        plan = random.Random(self.seed)
        reader_file = self.folder / "reader"
        reader = _started(follow_in_process, self.url, str(reader_file), base, str(self.seed))
        for name in SENDERS:
            self._start_sender(name, plan)
        try:
            await until(lambda: all(map(self._has_answers, SENDERS)), seconds=_START_SECONDS)
            await self._make_trouble(plan)
            await asyncio.gather(*map(_stop, [*self._senders.values(), reader]))
        finally:
            for process in (*self._senders.values(), reader):
                process.kill()
                process.join()
        readers = [reads_in(reader_file), await _read_all(log, base)]
        calls = [call for name in SENDERS for call in calls_in(self.folder / name)]
        return History(calls=calls, readers=readers, base=base)

    async def _make_trouble(self, plan: random.Random) -> None:
        end = time.monotonic() + self.seconds
        while time.monotonic() < end:
            await asyncio.sleep(plan.uniform(0.01, 0.2))
            match plan.choices(["kill", "cut", "cut-append", "crash"], [6, 6, 12, 1])[0]:
                case "kill":
                    await self._kill_a_sender(plan)
                case "cut":
                    self.trouble.cuts += len(await self._query(_CUT_ANY, {"seed": str(plan.random())}))
                case "cut-append":
                    for pid in await self._query(_THE_ONE_THAT_APPENDS):
                        await self._query("SELECT pg_terminate_backend(:pid)", {"pid": pid})
                        self.trouble.cuts += 1
                case _:
                    await self._crash()

    async def _kill_a_sender(self, plan: random.Random) -> None:
        name = plan.choice(SENDERS)
        self._senders[name].kill()
        await asyncio.to_thread(self._senders[name].join)
        self.trouble.kills += 1
        self._start_sender(name, plan)

    async def _crash(self) -> None:
        """Kill the server's process that appends: the whole server goes down with it, and recovers."""
        for pid in await self._query(_THE_ONE_THAT_APPENDS):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
                self.trouble.crashes += 1

    async def _query(self, statement: str, values: Mapping[str, object] | None = None) -> list[Any]:
        """The first column; the server may be recovering for a while."""
        deadline = time.monotonic() + _RECOVERY_SECONDS
        while True:
            try:
                async with self.owner.connect() as connection:
                    return list(await connection.scalars(text(statement), values or {}))
            except (DBAPIError, OSError):
                assert time.monotonic() < deadline, "the server did not come back"
                await asyncio.sleep(0.02)

    def _start_sender(self, name: str, plan: random.Random) -> None:
        file, seed = str(self.folder / name), str(plan.random())
        self._senders[name] = _started(send_in_process, self.url, file, name, seed)

    def _has_answers(self, name: str) -> bool:
        return any(call.told for call in calls_in(self.folder / name))


def _started(target: Callable[..., None], *arguments: object) -> BaseProcess:
    """A process forked from one that has loaded everything: a killed sender is back in a moment."""
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload(["tests.event_store.sender_program", "tests.event_store.reader_program"])
    process = processes.Process(target=target, args=arguments)
    process.start()
    return process


async def _stop(process: BaseProcess) -> None:
    """Ask a process to stop; it must do so in order."""
    assert process.pid is not None
    os.kill(process.pid, signal.SIGTERM)
    await asyncio.to_thread(process.join, _STOP_SECONDS)
    # Killed by the signal: it had not come to listen for it yet.
    assert process.exitcode in {0, -signal.SIGTERM}, f"{process.name} ended with {process.exitcode}"


async def _read_all(log: EventLog, base: int) -> list[Read]:
    reads: list[Read] = []
    after = base
    while True:
        begun = time.monotonic_ns()
        events = await log.read_after(after, _READ_LIMIT)
        seen = [
            Seen(position=event.position, key=event.id, content=content_of(event.id, event.text)) for event in events
        ]
        reads.append(Read(begun=begun, after=after, limit=_READ_LIMIT, seen=seen))
        if not events:
            return reads
        after = events[-1].position
