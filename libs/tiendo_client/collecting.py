"""When Python looks for garbage while many messages are read at once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collecting_afterwards() -> Iterator[None]:
    """A short time without garbage collection, which is caught up on at its end; where the program wants none, none.

    What is made here is handed over and lives on. Looking through all of it, and the whole program, every few hundred messages cost half
    of a consumer's time. Keep the block to some milliseconds, and wait for nothing within: all threads are without collection.
    """
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()
