"""When Python looks for garbage while many messages are read at once.

What is made there is handed over and lives on. Looking through all of it, and the whole program, every few hundred messages cost half of a
consumer's time.
"""

import gc
from collections.abc import Coroutine, Generator, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")


@contextmanager
def collecting_afterwards() -> Iterator[None]:
    """A short time without garbage collection, which is caught up on at its end; where the program wants none, none.

    Keep the block to some milliseconds, and wait for nothing within: all threads are without collection.
    """
    wanted = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if wanted:
            gc.enable()


class CollectingBetween(Coroutine[Any, Any, T]):
    """Work during whose steps no garbage is collected; while it waits, it is."""

    def __init__(self, work: Coroutine[Any, Any, T]) -> None:
        self._work = work

    def send(self, value: Any) -> Any:  # noqa: ANN401 - as coroutines have it
        """Go on to where the work waits next."""
        with collecting_afterwards():
            return self._work.send(value)

    def throw(self, *error: Any) -> Any:  # noqa: ANN401 - likewise
        """Go on with an error, such as a cancellation."""
        with collecting_afterwards():
            return self._work.throw(*error)

    def close(self) -> None:
        """End the work where it waits."""
        self._work.close()

    def __await__(self) -> Generator[Any, Any, T]:
        """The work's own steps."""
        return self._work.__await__()
