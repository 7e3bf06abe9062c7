"""`tiendo` in a process whose clock is wrong: `python -m tests.system.relaying.shifted_clock SECONDS ARGUMENTS…`."""

import sys
import time

from tiendo_cli.main import app


def main(seconds: int) -> None:
    """Run tiendo with a clock that is ahead by so many seconds, or behind."""
    now, now_ns = time.time, time.time_ns
    time.time = lambda: now() + seconds
    time.time_ns = lambda: now_ns() + seconds * 1_000_000_000
    app()


if __name__ == "__main__":
    main(int(sys.argv.pop(1)))
