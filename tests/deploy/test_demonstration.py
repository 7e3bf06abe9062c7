"""`make run KAFKA=1`: a broker, tiendo and messages that flow; nothing is left of them, however it ends."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import psutil
from tests.deploy.reading import DEPLOY
from tests.kafka import java
from tests.kafka.brokers import free_ports
from tests.waiting import until

SECONDS = 150


class Demonstration:
    """One run, what it says, and the processes that belong to it."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def says(self, words: str) -> None:
        """Return as soon as it says so on a line."""
        assert self.process.stdout is not None
        async with asyncio.timeout(SECONDS):
            while line := (await self.process.stdout.readline()).decode():
                if words in line:
                    return
        raise AssertionError(f"it ended without a word of {words}")

    def everything(self) -> list[psutil.Process]:
        """The run itself and all that descends from it: the broker, tiendo, its services, its database."""
        own = psutil.Process(self.process.pid)
        return [own, *own.children(recursive=True)]


@asynccontextmanager
async def running(data: Path) -> AsyncIterator[Demonstration]:
    port, broker_port = free_ports(2)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TIENDO_")}
    with data.with_suffix(".stderr").open("ab") as complaints:
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(DEPLOY / "kafka" / "run_demonstration.py"),
            "--port", str(port), "--kafka-port", str(broker_port),
            env={**kept, "TIENDO_DATA": str(data)}, stdout=asyncio.subprocess.PIPE, stderr=complaints, limit=2**20,
        )  # fmt: skip
    try:
        yield Demonstration(process)
    finally:
        if process.returncode is None:
            process.terminate()
        if process.stdout is not None:  # to its end, which comes with that of the last process that writes into it
            await asyncio.wait_for(process.stdout.read(), 90)
        await process.wait()


async def test_messages_flow_though_the_broker_is_killed_and_nothing_is_left_however_it_ends(tmp_path: Path) -> None:
    java.require()
    data = tmp_path / "data"
    async with running(data) as run:
        await run.says("latest:")
        next(process for process in run.everything() if "kafka.Kafka" in process.cmdline()).kill()
        await run.says("is started again")
        await run.says("latest:")
        everything = run.everything()
        assert any("kafka.Kafka" in process.cmdline() for process in everything)
        run.process.send_signal(signal.SIGINT)
        assert await asyncio.wait_for(run.process.wait(), 90) == 0
        await until(lambda: not any(map(_runs, everything)), what="everything has ended")
    async with running(data) as again:
        await again.says("Kafka broker:")
        everything = again.everything()
        again.process.kill()
        await until(lambda: not any(map(_runs, everything)), seconds=90, what="everything has ended with it")


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
