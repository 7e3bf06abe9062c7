"""Signs of life of a process: a byte now and then, from its event loop into a pipe of whoever started it."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

DESCRIPTOR: Final = "TIENDO_HEARTBEATS"
"""Set for the children of `tiendo up`: the descriptor of the pipe that they write into."""

BEAT_SECONDS: Final = 5.0

_BYTES_MAX: Final = 65_536


@contextmanager
def beating() -> Iterator[None]:
    """A time in which this process gives signs of life as long as its event loop turns, if anybody asked for them."""
    given = os.environ.get(DESCRIPTOR, "")
    if not given.isdecimal():
        yield
        return
    beats = asyncio.ensure_future(_beat(int(given)))
    try:
        yield
    finally:
        beats.cancel()


async def _beat(descriptor: int) -> None:
    with suppress(OSError):  # nobody reads them any more
        os.set_blocking(descriptor, False)
        while True:
            with suppress(BlockingIOError):  # whoever reads them has been halted for long
                os.write(descriptor, b".")
            await asyncio.sleep(BEAT_SECONDS)


class Heartbeats:
    """The reading side of a child's signs of life; the child is given `descriptor`."""

    def __init__(self) -> None:
        self._read, self.descriptor = os.pipe()
        os.set_blocking(self._read, False)
        self.looks = self.silent_times = 0

    def started(self) -> None:
        """The child has the other side: this process lets go of it."""
        os.close(self.descriptor)

    def look(self) -> int:
        """How many times in a row nothing was found, this time included.

        Looks are counted, not time: whoever was halted itself finds what came meanwhile at its next look.
        """
        try:
            found = os.read(self._read, _BYTES_MAX)
        except BlockingIOError:
            found = b""
        self.looks += 1
        self.silent_times = 0 if found else self.silent_times + 1
        return self.silent_times

    def close(self) -> None:
        """The child has ended."""
        os.close(self._read)
