"""A process that sends events to the log and writes down, for the checker, what it sends and what it is told, until it is asked to stop.

Killed and started again on the same file, it first sends once more what was never answered, as a source system does.
"""

import asyncio
import json
import os
import random
import signal
import time
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import uvloop
from tests.event_store.events import event
from tests.event_store.history import Answer, Sent, calls_in

from tiendo_contracts.events.case_events import AcceptedEvent
from tiendo_event_store import (
    AlreadyAppended,
    Appended,
    BulkLoader,
    CoalescingWriter,
    Conflict,
    LogUnavailable,
    Outcome,
    WriterOverloaded,
)
from tiendo_runtime.database import engine_of

CLIENTS = 6
EVENTS_MAX = 40
SHARED_KEYS = 3_000
PENDING_MAX = 150

Append = Callable[[Sequence[AcceptedEvent]], Awaitable[list[Outcome]]]


class Sender:
    """Clients that send at the same time; each line of the file is written at once, so that a killed process has told what it knew."""

    def __init__(self, append: Append, file: Path, name: str, seed: str) -> None:
        self._append = append
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._name = f"{name}-{time.monotonic_ns()}"
        self._random = random.Random(seed)
        self._count = 0
        self._unanswered = [call.events for call in calls_in(file) if call.told is None]
        self.stopping = asyncio.Event()

    async def run(self) -> None:
        """Send until asked to stop."""
        await asyncio.gather(*(self._client() for _ in range(CLIENTS)))

    async def _client(self) -> None:
        while not self.stopping.is_set():
            events = self._unanswered.pop() if self._unanswered else self._new_events()
            if not await self._call(events):
                self._unanswered.append(events)
            await asyncio.sleep(self._random.random() * 0.02)

    async def _call(self, events: Sequence[Sent]) -> bool:
        """Whether an answer came."""
        self._count += 1
        call = f"{self._name}-{self._count}"
        accepted = [event(sent.key, content=sent.content) for sent in events]
        pairs = [(sent.key, sent.content) for sent in events]
        self._write({"call": call, "begun": time.monotonic_ns(), "events": pairs})
        try:
            outcomes = await self._append(accepted)
        except (LogUnavailable, WriterOverloaded):
            return False
        ended = time.monotonic_ns()
        self._write({"call": call, "ended": ended, "told": [_told(outcome) for outcome in outcomes]})
        return True

    def _new_events(self) -> Sequence[Sent]:
        """Mostly new keys; some that other processes send too, with this content or another; some twice in one call."""
        events = [self._new_event() for _ in range(self._random.randint(1, EVENTS_MAX))]
        if self._random.random() < 0.2:
            again = self._random.choice(events)
            events.append(Sent(key=again.key, content=self._random.choice([again.content, "another"])))
        return events

    def _new_event(self) -> Sent:
        self._count += 1
        if self._random.random() < 0.1:
            shared = f"shared-{self._random.randrange(SHARED_KEYS)}"
            return Sent(key=shared, content=self._random.choice(["one", "one", "two"]))
        return Sent(key=f"{self._name}-{self._count}", content="one")

    def _write(self, line: object) -> None:
        os.write(self._file, json.dumps(line).encode() + b"\n")


def _told(outcome: Outcome) -> tuple[str, int]:
    match outcome:
        case Appended(position):
            return Answer.APPENDED, position
        case AlreadyAppended(position):
            return Answer.ALREADY_APPENDED, position
        case Conflict(position):
            return Answer.CONFLICT, position
        case _:
            raise AssertionError(outcome)


async def send(url: str, file: Path, name: str, seed: str) -> None:
    """Send over a coalescing writer, or, where the name begins with `bulk`, over a bulk loader, until SIGTERM."""
    engine = engine_of(url, pool_size=2)
    loop = asyncio.get_running_loop()
    if name.startswith("bulk"):
        context: BulkLoader | CoalescingWriter = BulkLoader(engine)
        one_at_a_time = asyncio.Lock()
    else:
        context = CoalescingWriter(engine, pending_max=PENDING_MAX, batch_max=EVENTS_MAX)
        one_at_a_time = None
    async with context as writer:

        async def append(events: Sequence[AcceptedEvent]) -> list[Outcome]:
            if one_at_a_time is None:
                return await writer.append(events)
            async with one_at_a_time:
                return await writer.append(events)

        sender = Sender(append, file, name, seed)
        loop.add_signal_handler(signal.SIGTERM, sender.stopping.set)
        await sender.run()
    await engine.dispose()


def send_in_process(url: str, file: str, name: str, seed: str) -> None:
    """What a sender's process runs."""
    uvloop.run(send(url, Path(file), name, seed))
