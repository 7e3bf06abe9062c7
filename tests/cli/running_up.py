"""`tiendo up` as a user starts it: a process, what it prints, and the processes that belong to it."""

import asyncio
import os
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psutil
from tests.preloaded.commands import tiendo_beside
from tests.waiting import until

from tiendo_runtime.embedded import Cluster
from tiendo_runtime.embedded.server import find_server

START_SECONDS = 180
"""So long on a machine that has much else to do; on an idle one it takes some 5 s."""


@dataclass(slots=True, kw_only=True)
class Up:
    """One running `tiendo up`."""

    data: Path
    process: asyncio.subprocess.Process
    lines: dict[str, str] = field(default_factory=dict)
    complaints: Path

    @property
    def address(self) -> str:
        return self.lines["address"]

    def client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.address, timeout=60, trust_env=False)

    def child(self, service: str) -> int:
        """The process id of a service's process."""
        for process in psutil.Process(self.process.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie has no command line
                if ["serve", service] == process.cmdline()[3:5]:
                    return process.pid
        return 0

    def server(self) -> int:
        """The process id of the embedded PostgreSQL."""
        return find_server(Cluster(data=self.data)) or 0

    def everything(self) -> list[psutil.Process]:
        """All processes that belong to it."""
        return everything_of(self.data, self.process.pid)

    async def is_ready(self) -> bool:
        async with self.client() as client:
            try:
                return (await client.get("/readyz", timeout=5)).status_code == 200
            except httpx.HTTPError:
                return False

    async def stop(self) -> int:
        """The exit status after a stop in order."""
        if self.process.returncode is None:
            self.process.terminate()
        return await asyncio.wait_for(self.process.wait(), 60)


def environment(data: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
    return {**kept, "TIENDO_DATA": str(data), **more}


async def start_up(
    data: Path, *arguments: str, port: str = "0", module: str = "tiendo_cli", **environment_variables: str
) -> Up:
    """A `tiendo up` that has said all that it says at start."""
    process = await begin_up(data, *arguments, port=port, module=module, **environment_variables)
    up = Up(data=data, process=process, complaints=_complaints(data))
    async with asyncio.timeout(START_SECONDS):
        await _read_lines(up)
    return up


async def begin_up(
    data: Path, *arguments: str, port: str = "0", module: str = "tiendo_cli", **environment_variables: str
) -> asyncio.subprocess.Process:
    """The process of a `tiendo up` that is starting."""
    data.parent.mkdir(parents=True, exist_ok=True)
    with _complaints(data).open("ab") as errors:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", module, "up", "--port", port, *arguments,
            env=environment(data, **environment_variables), stdout=asyncio.subprocess.PIPE, stderr=errors,
        )  # fmt: skip


def everything_of(data: Path, supervisor: int) -> list[psutil.Process]:
    """All processes of a supervisor and of the folder's PostgreSQL."""
    own = psutil.Process(supervisor)
    found = [own, *own.children(recursive=True)]
    if server := find_server(Cluster(data=data)):
        found += [psutil.Process(server), *psutil.Process(server).children()]
    return found


def _complaints(data: Path) -> Path:
    return data.parent / f"{data.name}.stderr"


async def _read_lines(up: Up) -> None:
    assert up.process.stdout is not None
    while "sign-in link" not in up.lines:
        line = (await up.process.stdout.readline()).decode()
        assert line, f"ended before it was ready: {up.complaints.read_text()}"
        name, _, value = line.strip().partition(": ")
        up.lines[name] = value


async def run_tiendo(data: Path, *arguments: str, **environment_variables: str) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of one command."""
    done = await tiendo_beside(
        *arguments, environment=environment(data, **environment_variables), timeout_seconds=START_SECONDS
    )
    return done.returncode, done.stdout, done.stderr


async def all_gone(processes: list[psutil.Process], *, seconds: float) -> None:
    """Return when none of the processes runs any more."""

    def gone() -> bool:
        return not any(_runs(process) for process in processes)

    await until(gone, seconds=seconds, what=f"the end of {processes}")


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
