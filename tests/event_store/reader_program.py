"""A process that follows the log from the beginning and writes down what it sees, until it is asked to stop."""

import asyncio
import json
import os
import random
import signal
import time
from pathlib import Path

import uvloop
from tests.event_store.events import content_of

from tiendo_event_store import EventLog, LogUnavailable
from tiendo_runtime.database import engine_of

LIMIT_MAX = 400
POLL_SECONDS = 0.002


async def follow(url: str, file: Path, base: int, seed: str) -> None:
    """Read after the last position seen, again and again, until SIGTERM."""
    engine = engine_of(url, pool_size=2)
    log, after, limits, stopping = EventLog(engine), base, random.Random(seed), asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    while not stopping.is_set():
        limit, begun = limits.randint(1, LIMIT_MAX), time.monotonic_ns()
        try:
            events = await log.read_after(after, limit)
        except LogUnavailable:
            await asyncio.sleep(POLL_SECONDS)
            continue
        seen = [(event.position, event.id, content_of(event.id, event.text)) for event in events]
        line = {"begun": begun, "after": after, "limit": limit, "seen": seen}
        os.write(descriptor, json.dumps(line).encode() + b"\n")
        after = events[-1].position if events else after
        if not events:
            await asyncio.sleep(POLL_SECONDS)
    await engine.dispose()


def follow_in_process(url: str, file: str, base: int, seed: str) -> None:
    """What a reader's process runs."""
    uvloop.run(follow(url, Path(file), base, seed))
