"""`make run` stops in order, whoever the signal is sent to."""

import asyncio
import os
import shutil
import signal
from asyncio.subprocess import PIPE
from pathlib import Path

import psutil
import pytest
from tests.cli.running_up import START_SECONDS, all_gone, environment, everything_of
from tests.documents.reading import ROOT


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_a_signal_to_make_alone_stops_everything(tmp_path: Path, number: signal.Signals) -> None:
    make = shutil.which("make")
    assert make is not None
    data = tmp_path / "data"
    process = await asyncio.create_subprocess_exec(
        make, "--no-print-directory", "run", "PORT=0",
        cwd=ROOT, env=environment(data), stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE,
        start_new_session=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            while not (line := await process.stdout.readline()).startswith(b"sign-in link"):
                assert line, "it ended before it was ready"
        (supervisor,) = psutil.Process(process.pid).children()
        everything = everything_of(data, supervisor.pid)
        process.send_signal(number)  # to make, and to nobody else
        async with asyncio.timeout(60):
            await process.communicate()
        await all_gone(everything, seconds=10)
    finally:
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
            await process.wait()
