"""What a measurement is: so much work in so much time, beside a floor that does the least that could be done."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the table: how fast the product does something, and how fast the floor goes in the same run."""

    name: str
    unit: str
    product: Rate
    floor_name: str
    floor: Rate

    @property
    def ratio(self) -> float:
        """How many times longer the product takes than its floor; 1 would be the floor itself."""
        return self.floor.per_second / self.product.per_second


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
