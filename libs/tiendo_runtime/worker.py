"""The life of a process: it works until it is asked to stop, and then has a limited time to end in order."""

import asyncio
import faulthandler
import os
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Final

import structlog
import uvloop

from tiendo_runtime.heartbeats import beating

STOP_SECONDS: Final = 10.0
"""How long a process may take to end in order."""

CANCELLED_SECONDS: Final = 10.0
"""How long what was cancelled may take to close what it has opened; then the process ends without."""

_STANDARD_INPUT: Final = 0

_journal = structlog.get_logger("tiendo.worker")


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run a program to its end, on the faster event loop."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main)
        end_at_the_latest(CANCELLED_SECONDS)  # threads that have no end do not keep it from ending


async def run_until_stopped(
    work: Callable[[asyncio.Event], Awaitable[None]], *, stop_seconds: float = STOP_SECONDS, with_parent: bool = False
) -> None:
    """Run `work` until it ends by itself; SIGINT, SIGTERM, SIGHUP, and with `with_parent` the end of standard input, set its event.

    Work that has not ended `stop_seconds` after the event was set is cancelled.
    """
    stop = asyncio.Event()
    task = asyncio.ensure_future(work(stop))
    with stopping_signals(stop), beating():
        if with_parent:
            watch_parent(stop.set, limit_seconds=stop_seconds + 5)
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        with _limited(stop_seconds + CANCELLED_SECONDS):
            if not task.done():
                await asyncio.wait({task}, timeout=stop_seconds)
            if not task.done():
                _journal.warning("not ended in time, cancelled", seconds=stop_seconds)
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
                return
    await task


class stopping_signals:  # noqa: N801 - a context manager that reads like a function
    """Within the block SIGINT, SIGTERM and SIGHUP set the event; a second one does not interrupt the stop."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self._numbers = ending_signals()

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in self._numbers:
            loop.add_signal_handler(number, self._stop.set)

    def __exit__(self, *_: object) -> None:
        loop = asyncio.get_running_loop()
        for number in self._numbers:
            loop.remove_signal_handler(number)


def ending_signals() -> list[signal.Signals]:
    """The signals that end a process of tiendo's in order. Under nohup the closing of the terminal means nothing."""
    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    return numbers


def end_at_the_latest(seconds: float) -> None:
    """End this process with status 1 after so long, whatever it waits for, and tell on standard error where it hung."""
    faulthandler.dump_traceback_later(seconds, exit=True, file=sys.stderr)


@contextmanager
def _limited(seconds: float) -> Iterator[None]:
    end_at_the_latest(seconds)
    try:
        yield
    finally:
        faulthandler.cancel_dump_traceback_later()


def watch_parent(ended: Callable[[], object], *, limit_seconds: float) -> None:
    """Call `ended` on the loop when the process that started this one is gone, however it ended: its end of standard input closes.

    If this process then does not end within the limit it is ended the hard way; an orphan must not go on.
    """
    loop = asyncio.get_running_loop()

    def wait_for_end() -> None:
        while os.read(_STANDARD_INPUT, 1024):
            pass
        with suppress(RuntimeError):  # the loop has ended already
            loop.call_soon_threadsafe(ended)
        timer = threading.Timer(limit_seconds, os._exit, (70,))
        timer.daemon = True
        timer.start()

    threading.Thread(target=wait_for_end, name="parent-watch", daemon=True).start()
