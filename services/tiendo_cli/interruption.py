"""Interrupts: SIGINT, SIGTERM and SIGHUP end a command within seconds, whatever it waits for, and let it close what it has opened.

The first signal cancels the command. What it runs through may lose that word (a library that catches it, a result that comes at the same
instant), so it is repeated until the command has ended; what must not be broken off meanwhile runs `to_its_end`. Code that does not come back
to the event loop is broken off where it is. What has not ended after LIMIT_SECONDS ends without closing anything.
"""

import asyncio
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from types import FrameType
from typing import Any, Final, NoReturn, TypeVar

from tiendo_cli.terminal import complain
from tiendo_runtime.worker import end_at_the_latest, ending_signals

FIRST_SECONDS: Final = 1.0
"""After so long away from the event loop the code that runs is broken off."""

AGAIN_SECONDS: Final = 3.0
"""How often a command that goes on is interrupted again."""

LIMIT_SECONDS: Final = 25.0
"""The last resort; stopping an embedded PostgreSQL that does not answer takes 16 s."""

_THREADS_SECONDS: Final = 3.0
_THREAD_NAME: Final = "beside"

_T = TypeVar("_T")
Watch = Callable[[Callable[[], None]], None]


class Interrupted(Exception):  # noqa: N818 - no error: somebody asked for it
    """The command was interrupted, and has closed what it had opened."""


class Interrupts:
    """What the signals do from its making on, until `give_up`: cancel `task`, again and again until it has ended."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._task: asyncio.Future[Any] | None = None
        self._heard = True
        self._asked = False
        self._numbers = ending_signals()
        for number in self._numbers:
            signal.signal(number, self._on_signal)
        signal.signal(signal.SIGALRM, self._on_alarm)

    @property
    def asked(self) -> bool:
        """Whether it was interrupted."""
        return self._asked

    def interrupts(self, task: asyncio.Future[Any]) -> None:
        """Let `task` be what is cancelled; at once if that was asked for already."""
        self._task = task
        if self._asked:
            task.cancel()

    def ask(self) -> None:
        """As if a signal had come."""
        if not self._asked:
            self._asked, self._heard = True, False
            signal.setitimer(signal.ITIMER_REAL, FIRST_SECONDS, AGAIN_SECONDS)
            end_at_the_latest(LIMIT_SECONDS)
        self._loop.call_soon_threadsafe(self._cancel)

    def give_up(self) -> None:
        """From now on signals do what they do to any program: nothing is open any more."""
        signal.setitimer(signal.ITIMER_REAL, 0)
        for number in self._numbers:
            signal.signal(number, signal.SIG_DFL)

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self.ask()

    def _on_alarm(self, _number: int, _frame: FrameType | None) -> None:
        if not self._heard:
            self._heard = True
            raise asyncio.CancelledError
        self._heard = False
        self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        self._heard = True
        if self._task is not None:
            self._task.cancel()


def run_interruptible(main: Coroutine[Any, Any, _T], *, watch: Watch | None = None) -> _T:
    """What `main` returns. Raises Interrupted. `watch` is given, on the loop, what interrupts it as a signal does."""
    threads = ThreadPoolExecutor(thread_name_prefix=_THREAD_NAME)
    with asyncio.Runner() as runner:
        runner.get_loop().set_default_executor(threads)
        interrupts = Interrupts(runner.get_loop())
        try:
            return runner.run(_ended(main, interrupts, watch))
        except Interrupted:
            _leave_threads(threads)
            raise
        except asyncio.CancelledError:
            # The loop itself was broken off, which had had no turn for so long; leaving the block cancels what runs.
            raise Interrupted from None
        finally:
            interrupts.give_up()


async def _ended(main: Coroutine[Any, Any, _T], interrupts: Interrupts, watch: Watch | None) -> _T:
    task = asyncio.ensure_future(main)
    interrupts.interrupts(task)
    if watch is not None:
        watch(interrupts.ask)
    await asyncio.wait({task})
    if task.cancelled() or (interrupts.asked and task.exception() is not None):
        raise Interrupted
    return task.result()


def _leave_threads(threads: ThreadPoolExecutor) -> None:
    """Give threads that are at work some seconds, then leave without them: what waits for a disk or a network may have no end."""
    threads.shutdown(wait=False, cancel_futures=True)
    deadline = time.monotonic() + _THREADS_SECONDS
    at_work = [thread for thread in threading.enumerate() if thread.name.startswith(_THREAD_NAME)]
    for thread in at_work:
        thread.join(max(0.0, deadline - time.monotonic()))
    if any(thread.is_alive() for thread in at_work):
        leave("interrupted")


def leave(last_word: str) -> NoReturn:
    """End this process at once, with status 1."""
    complain(last_word)
    sys.stdout.flush()
    os._exit(1)
