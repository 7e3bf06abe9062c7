"""What the measurements over Kafka say, beside their floors and what is aimed at, and the table of it."""

import os
from collections.abc import Sequence
from dataclasses import dataclass

from rich.table import Table
from tests.bench.measuring import Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """How fast the product does something, and how fast its floor, in the same run."""

    name: str
    product: Rate
    floor_name: str
    floor: Rate
    share_aimed_at: float | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        wall = self.product.per_second / self.floor.per_second
        processor = self.floor.microseconds_each / self.product.microseconds_each
        aim = "" if self.share_aimed_at is None else f"at least {self.share_aimed_at}"
        return (
            self.name,
            _rate(self.product),
            _rate(self.floor),
            self.floor_name,
            f"{wall:.2f}\n{processor:.2f} by processor time",
            aim,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Delays:
    """How long something took, each time."""

    seconds: Sequence[float]

    def quantile(self, share: float) -> float:
        """The milliseconds within which it took so large a share of the times."""
        in_order = sorted(self.seconds)
        return in_order[min(int(share * len(in_order)), len(in_order) - 1)] * 1000

    @property
    def cell(self) -> str:
        """Median and 99th percentile."""
        return f"p50 {self.quantile(0.5):,.1f} ms\np99 {self.quantile(0.99):,.1f} ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latency:
    """How long something takes the product, and its floor, in the same run."""

    name: str
    product: Delays
    floor_name: str
    floor: Delays
    milliseconds_aimed_at: float

    @property
    def cells(self) -> tuple[str, ...]:
        """The line of the table."""
        share = self.floor.quantile(0.5) / self.product.quantile(0.5)
        aim = f"p99 under {self.milliseconds_aimed_at:.0f} ms"
        return self.name, self.product.cell, self.floor.cell, self.floor_name, f"{share:.2f} by p50", aim


HEADINGS = ("what", "tiendo", "floor", "floor is", "of the floor", "aim")


def table(measured: Sequence[Throughput | Latency]) -> Table:
    """The rows for people."""
    shown = Table(title=f"tiendo over Kafka, with the broker and the database on the same {os.cpu_count()} cores")
    for heading in HEADINGS:
        shown.add_column(heading, justify="left" if heading in {"what", "floor is", "aim"} else "right")
    for row in measured:
        shown.add_row(*row.cells)
    return shown


def markdown(measured: Sequence[Throughput | Latency]) -> str:
    """The rows for `docs/performance.md`."""
    lines = [HEADINGS, ("---", "---:", "---:", "---", "---:", "---"), *(row.cells for row in measured)]
    return "\n".join(
        f"| {' | '.join(line)} |" for line in [[cell.replace("\n", ", ") for cell in line] for line in lines]
    )


def _rate(rate: Rate) -> str:
    return f"{rate.per_second:,.0f} events/s\n{rate.microseconds_each:,.1f} µs each"
