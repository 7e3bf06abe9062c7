"""Where a `tiendo up` is under fire: its processes, its disk, its clocks and the ways to it, and what a plan lets go wrong there."""

import asyncio
import os
import random
import shutil
import signal
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import psutil
import pytest
from tests.cli.running_up import Up, start_up
from tests.system.fire.faults import Faults, Whose, faults
from tests.system.fire.proxy import Proxy, proxy
from tests.system.relaying.full_disk import Disk, small_disk
from tests.waiting import until

from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.usage import embedded_database

DISK_MEGABYTES = 600
AGAIN_SECONDS = 180
TROUBLE_SECONDS = (0.2, 2.5)
CLOCK_SECONDS = (-400 * 86_400, -3_600, -2, 2, 3_600, 2 * 86_400)
PARTS = ("web", "projector")


class Fault(StrEnum):
    """What goes wrong."""

    KILL = "kill"
    DISK = "disk"
    FSYNC = "fsync"
    CLOCK = "clock"
    CONNECTIONS = "connections"


DEEDS: Mapping[Fault, Mapping[str, int]] = {
    Fault.KILL: {"kill up": 2, "kill web": 5, "kill projector": 2, "kill server": 3, "kill backend": 2},
    Fault.DISK: {"fill the disk": 6, "fill PostgreSQL's disk": 2, "fill the services' disk": 2},
    Fault.FSYNC: {"fail fsync of PostgreSQL": 4, "fail fsync of the services": 1},
    Fault.CLOCK: {"put PostgreSQL's clock": 2, "put the services' clock": 2, "put all clocks": 2},
    Fault.CONNECTIONS: {"cut clients": 2, "hold clients": 1, "slow clients": 1, "refuse clients": 1},
}
"""How often what is done, by the kind of fault."""
_OF_THE_DATABASE = {"cut the database": 3, "hold the database": 2, "slow the database": 2, "refuse the database": 2}


@dataclass(slots=True, kw_only=True)
class Place:
    """One `tiendo up`, which is started again whenever it has ended; `done` counts what went wrong."""

    data: Path
    deeds: Mapping[str, int]
    clients: Proxy
    port: int
    faults: Faults | None
    disk: Disk | None
    database: Proxy | None
    environment: Mapping[str, str]
    up: Up = field(init=False)
    done: Counter[str] = field(default_factory=Counter)

    @property
    def address(self) -> str:
        """Where clients reach it, whatever port `up` has at the moment."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def runs(self) -> bool:
        """Whether `up` has not ended."""
        return self.up.process.returncode is None

    def account(self) -> str:
        """What went wrong so far, and how often a process met it, in words."""
        met = {} if self.faults is None else {name: count for name, count in self.faults.count().items() if count}
        return "; ".join(f"{count} times {name}" for name, count in [*sorted(self.done.items()), *met.items()])

    async def begin(self) -> None:
        """Start `up`."""
        self.up = await start_up(self.data, module="tests.system.fire.under_fire", **self.environment)

    async def see_that_it_runs(self) -> None:
        """Return when `up` answers; it is started again whenever it has ended: it may, with a status that says so."""

        async def answers() -> bool:
            if self.runs and await self.up.is_ready():
                return True
            if not self.runs:
                assert self.up.process.returncode != 0
                await self.begin()
            return False

        await until(answers, seconds=AGAIN_SECONDS, what="up is ready")

    async def strike(self, plan: random.Random) -> None:
        """Let one thing go wrong, and mend it; `up` runs afterwards, if not all of it yet."""
        deed = plan.choices(list(self.deeds), list(self.deeds.values()))[0]
        kind, _, whom = deed.partition(" ")
        if kind == "kill":
            done = self._kill(whom, plan)
            if whom == "up":
                await self.up.process.wait()
        else:
            try:
                done = self._begin(kind, whom, plan)
                await asyncio.sleep(plan.uniform(*TROUBLE_SECONDS))
            finally:
                self._mend()
        self.done[deed] += done
        if not self.runs:
            await self.see_that_it_runs()

    def _begin(self, kind: str, whom: str, plan: random.Random) -> bool:
        """Let it go wrong until it is mended; whether anything was there that could."""
        if kind in {"cut", "hold", "slow", "refuse"}:
            way = self.clients if whom == "clients" else self.database
            assert way is not None
            return way.disturb(kind)
        if whom == "the disk" and self.disk is not None:
            self.disk.fill()
            return True
        assert self.faults is not None
        for whose in _meant(whom):
            match kind:
                case "fill":
                    self.faults.fill_disk(whose)
                case "fail":
                    self.faults.fail_fsync(whose)
                case "put":
                    self.faults.put_clock(whose, ahead_seconds=plan.choice(CLOCK_SECONDS))
        return True

    def _mend(self) -> None:
        if self.disk is not None:
            self.disk.empty()
        if self.faults is not None:
            self.faults.mend()
        for way in (self.clients, self.database):
            if way is not None:
                way.mend()

    def _kill(self, victim: str, plan: random.Random) -> bool:
        pid = self._process_of(victim, plan) if self.runs else 0
        with suppress(ProcessLookupError):
            if pid:
                os.kill(pid, signal.SIGKILL)
                return True
        return False

    def _process_of(self, victim: str, plan: random.Random) -> int:
        """The process to kill; 0 when it does not run at the moment."""
        match victim:
            case "up":
                return self.up.process.pid
            case "web" | "projector":
                return self.up.child(victim)
            case "server":
                return self.up.server()
        with suppress(psutil.NoSuchProcess):
            backends = psutil.Process(self.up.server()).children() if self.up.server() else []
            return plan.choice(backends).pid if backends else 0
        return 0


def _keep_journals(data: Path, folder: Path) -> None:
    """Copy what was written down from a disk that goes: who looks into a failure wants it."""
    for journal in (data.parent / f"{data.name}.stderr", data / "postgresql.log"):
        shutil.copy(journal, folder)


def _meant(whom: str) -> Sequence[Whose]:
    if "services" in whom:
        return (Whose.SERVICES,)
    return (Whose.POSTGRESQL,) if "PostgreSQL" in whom else tuple(Whose)


@asynccontextmanager
async def place(folder: Path, kinds: Sequence[Fault]) -> AsyncIterator[Place]:
    """A running `tiendo up` for faults of these kinds; for those of connections alone the database is another server, on a way of its own."""
    deeds = {deed: weight for kind in kinds for deed, weight in DEEDS[kind].items()}
    folder.mkdir()  # noqa: ASYNC240 - nothing else goes on yet
    async with AsyncExitStack() as stack:
        made = stack.enter_context(faults())
        if made is None and set(kinds) - {Fault.KILL, Fault.CONNECTIONS}:
            pytest.skip("no C compiler (cc)")
        disk = None
        if Fault.DISK in kinds:
            disk = stack.enter_context(small_disk(folder / "disk", megabytes=DISK_MEGABYTES))
        data = (folder if disk is None else disk.folder) / "data"
        environment = {} if made is None else dict(made.environment)
        database = None
        if list(kinds) == [Fault.CONNECTIONS]:
            deeds |= _OF_THE_DATABASE
            cluster = Cluster(data=folder / "elsewhere")
            await stack.enter_async_context(embedded_database(cluster))
            between = Path(stack.enter_context(TemporaryDirectory(prefix="tiendo-way-")))
            socket = cluster.socket_folder() / ".s.PGSQL.5432"
            database, _ = await stack.enter_async_context(proxy(lambda: socket, between / ".s.PGSQL.5432"))
            environment["TIENDO_DATABASE_URL"] = f"postgresql://tiendo@/tiendo?host={between}"
        clients, port = await stack.enter_async_context(proxy(lambda: httpx.URL(found.up.address).port or 0))
        found = Place(
            data=data, deeds=deeds, clients=clients, port=port, environment=environment,
            faults=made, disk=disk if disk is not None and disk.mounted else None, database=database,
        )  # fmt: skip
        await found.begin()
        try:
            yield found
        finally:
            if found.runs:
                await found.up.stop()
            if found.disk is not None:
                await asyncio.to_thread(_keep_journals, data, folder)
