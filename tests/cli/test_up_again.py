"""`tiendo up` that has ended, in order or not, starts again over what it left. Each test goes on with the one that the test before has started."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from tests.cli.running_up import Up, all_gone, start_up
from tests.ports import reserved_port

pytestmark = pytest.mark.xdist_group("up again")


@dataclass(slots=True, kw_only=True)
class Place:
    """A data folder and a port, and the `tiendo up` that was started there last."""

    data: Path
    port: str
    up: Up | None = None

    async def running(self) -> Up:
        """The one that runs; a new one where none does."""
        if self.up is None or self.up.process.returncode is not None:
            await self.start()
        assert self.up is not None
        return self.up

    async def start(self) -> Up:
        """A new one."""
        self.up = await start_up(self.data, port=self.port)
        return self.up


@pytest.fixture(scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Place]:
    with reserved_port() as port:
        found = Place(data=tmp_path_factory.mktemp("again") / "data", port=str(port))
        yield found
        if found.up is not None:
            await found.up.stop()


async def test_a_stop_in_order_leaves_no_process_and_keeps_the_keys(place: Place) -> None:
    first = await place.running()
    processes = first.everything()
    async with asyncio.timeout(60):
        assert await first.stop() == 0
    await all_gone(processes, seconds=10)
    second = await place.start()
    assert {**second.lines, "sign-in link": ""} == {**first.lines, "sign-in link": ""}
    assert second.lines["sign-in link"].rsplit("/", 1)[1] != first.lines["sign-in link"].rsplit("/", 1)[1]


async def test_it_starts_over_what_a_kill_of_everything_but_postgresql_left(place: Place) -> None:
    first = await place.running()
    server = first.server()
    for pid in (first.process.pid, first.child("web"), first.child("projector")):
        os.kill(pid, signal.SIGKILL)
    await first.process.wait()
    second = await place.start()
    assert second.server() == server
    assert second.lines["read key"] == first.lines["read key"]


async def test_it_starts_over_a_killed_postgresql_with_its_lock_files(place: Place) -> None:
    first = await place.running()
    for process in first.everything():
        # The children of the supervisor and of PostgreSQL may end by themselves once these are gone.
        with suppress(psutil.NoSuchProcess):
            process.kill()
    await first.process.wait()
    assert (place.data / "postgresql" / "postmaster.pid").exists()
    assert await (await place.start()).is_ready()


async def test_it_starts_at_once_on_the_port_that_a_killed_one_had(place: Place) -> None:
    first = await place.running()
    first.process.kill()
    await first.process.wait()
    assert (await place.start()).address == first.address


async def test_a_killed_supervisor_takes_everything_with_it(place: Place) -> None:
    up = await place.running()
    processes = up.everything()
    up.process.kill()
    await up.process.wait()
    await all_gone(processes, seconds=60)
