"""How much each row does: as much as tells something, or as little as shows that its code still runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Counts and seconds of all rows. `scale` is the share of kontum-2022 (1: 200,000 cases, 1.5 million events)."""

    scale: float
    cases: int = 5_000
    batches: int = 60
    singles: int = 10_000
    queries: int = 4_000
    asks: int = 30
    ask_every_seconds: float = 0.12
    seconds: float = 10.0
    arrivals_per_second: int = 1_000
    kafka_events: int = 100_000
    long_case_events: int = 30_000
    long_case_more: int = 5
    runs: int = 5
    row_seconds: float = 120.0


DEFAULT_SCALE = 0.1

TINY = Size(
    scale=0.0005,
    cases=30,
    batches=2,
    singles=70,
    queries=40,
    asks=2,
    seconds=0.4,
    arrivals_per_second=50,
    kafka_events=240,
    long_case_events=30,
    long_case_more=1,
    runs=1,
)
"""For the test that keeps the rows running."""
