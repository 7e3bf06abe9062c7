"""So much work in so much time."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`count` units of work in `seconds`; `processor_seconds` is what the program itself computed, 0 where that was not measured."""

    count: int
    seconds: float
    processor_seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Work a second."""
        return self.count / self.seconds

    @property
    def microseconds_each(self) -> float:
        """Processor time of one unit."""
        return self.processor_seconds / self.count * 1e6


class Stopwatch:
    """Holds the seconds that a block took, and those that this process computed meanwhile, once it has ended."""

    seconds: float = 0.0
    processor_seconds: float = 0.0


@contextmanager
def timed() -> Iterator[Stopwatch]:
    """Measures the block with a clock that never goes back."""
    watch = Stopwatch()
    computed, begun = time.process_time(), time.perf_counter()
    yield watch
    watch.seconds = time.perf_counter() - begun
    watch.processor_seconds = time.process_time() - computed
