"""Processes that work for another: asked, answering, and never outliving it in silence."""

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest

from tiendo_event_store import LogUnavailable
from tiendo_runtime.errors import WorkerEnded
from tiendo_runtime.worker_processes import WorkerProcess

ECHO = """
from tiendo_event_store import LogUnavailable
from tiendo_runtime.lines_of_work import answer_line, serve_lines

async def answered(line):
    if line == "away":
        raise LogUnavailable("no database")
    if line == "broken":
        raise ValueError(line)
    return [line]

async def serve(lines):
    for line in lines:
        await answer_line(answered(line))

serve_lines(serve)
"""


async def test_a_line_is_answered_and_what_kept_it_from_that_is_told() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", ECHO, stdin=PIPE, stdout=PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    worker = WorkerProcess(process)
    try:
        assert await worker.ask({"a": 1}) == [{"a": 1}]
        with pytest.raises(LogUnavailable):
            await worker.ask("away")
        assert await worker.ask("again") == ["again"]
        with pytest.raises(WorkerEnded):
            await worker.ask("broken")
    finally:
        await worker.kill()


async def test_it_ends_when_nobody_asks_any_more() -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", ECHO, stdin=PIPE, stdout=PIPE)
    worker = WorkerProcess(process)
    assert await worker.ask("a") == ["a"]
    await worker.end()
    assert process.returncode == 0
