"""What a process does that works for another: it answers lines of JSON on its standard input, one by one, each by one line.

It ends when its standard input does, which is when the process that started it ends, however that came about and whatever it waits for itself.
"""

import asyncio
import json
import os
import queue
import sys
import threading
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

from tiendo_event_store.faults import is_transient
from tiendo_runtime.cycle_collection import few_collections

_END_SECONDS = 5.0

Lines = Iterator[Any]


def serve_lines(serve: Callable[[Lines], Awaitable[None]]) -> None:
    """Serve the lines of this process's standard input until they end."""
    lines: queue.SimpleQueue[str] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    try:
        with few_collections(), asyncio.Runner() as runner:
            runner.run(_served(serve, map(json.loads, iter(lines.get, ""))))
    except BrokenPipeError:
        os._exit(1)  # nobody reads the answers any more; what is still buffered has nowhere to go


async def answer_line(answering: Awaitable[Any]) -> None:
    """Write the answer, or that the database is away; any other error is raised."""
    try:
        answer = {"answer": await answering}
    except Exception as error:
        if not is_transient(error):
            raise
        answer = {"away": True}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


async def _served(serve: Callable[[Lines], Awaitable[None]], lines: Lines) -> None:
    await serve(lines)


def _read(lines: queue.SimpleQueue[str]) -> None:
    """Pass on the lines, the empty one at the end; then there is little time left, though a database does not answer."""
    for line in iter(sys.stdin.readline, ""):
        lines.put(line)
    lines.put("")
    timer = threading.Timer(_END_SECONDS, os._exit, (1,))
    timer.daemon = True
    timer.start()
