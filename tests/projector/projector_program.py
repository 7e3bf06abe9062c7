"""A projector as a process of its own, for tests that kill it: `python -m tests.projector.projector_program ADDRESS`."""

import asyncio
import signal
import sys

import tiendo_projector
from tiendo_runtime.settings import Settings


async def main(database_url: str) -> None:
    """Follow the log until asked to end."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    await tiendo_projector.run(Settings(), database_url, stop)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
