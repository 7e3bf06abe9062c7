"""What a row of the benchmark is: its name, what it measures, its floor, its aims, and the code that takes one sample."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.stage import Stage


class Ground(StrEnum):
    """What a row stands on; rows of one ground run one after the other and share what is dear to make."""

    FRESH = "fresh"
    """Databases of its own."""
    LOADED = "loaded"
    """The simulated province in a database, without a running program."""
    PROVINCE = "province"
    """The simulated province, shown by running programs, with events coming in."""
    KAFKA = "kafka"
    """A broker, and a log that was relayed to it."""


class Better(StrEnum):
    """Which way a figure gets better."""

    HIGHER = "higher"
    LOWER = "lower"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure of a row; `aim` is in its unit, `times_floor_aim` says how many times worse than the floor it may be at most.

    An aim that holds at scale 1 is not judged where less of the province was loaded.
    """

    name: str
    unit: str
    better: Better
    aim: float | None = None
    times_floor_aim: float | None = None
    aim_at_scale_one: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What one run found: the figures by name, and those of the floor that it has.

    `peak_mebibytes` is the largest memory (RSS) that a process of each program had; `details` are numbers that are listed and not judged.
    """

    figures: Mapping[str, float]
    floor: Mapping[str, float] = field(default_factory=dict)
    peak_mebibytes: Mapping[str, float] = field(default_factory=dict)
    details: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row; `take` takes one sample, on a stage that may have been used by other rows before."""

    name: str
    what: str
    floor: str
    ground: Ground
    figures: tuple[Figure, ...]
    take: "Callable[[Stage], Awaitable[Sample]]"


class LeftOut(Exception):  # noqa: N818 - nothing is wrong: something that a row needs is not on this machine
    """A row cannot be measured here; the text says why."""
