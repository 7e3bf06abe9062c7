"""What a verification finds wrong."""

from dataclasses import dataclass, field
from enum import StrEnum


class Wrong(StrEnum):
    """What is wrong with a position, or with what proves the log."""

    MISSING = "missing"
    ALTERED = "altered"
    DOUBLED = "doubled"
    NOT_COVERED = "not covered"
    TREE = "tree altered"
    CHECKPOINT = "checkpoint contradicts"
    GUARD = "guard missing"
    LIST = "list altered"


@dataclass(frozen=True, slots=True, kw_only=True)
class LogFinding:
    """One thing that is wrong; `position` is the first position that it is about, None where it is about none."""

    wrong: Wrong
    position: int | None
    message: str


@dataclass(slots=True, kw_only=True)
class Verification:
    """What was read, and what was found. `largest_holding` and `smallest_contradicting` are sizes of checkpoints, None where there is none.

    `waiting`: how many events no checkpoint covers yet. `read_all`: the reading came to the end of the log.
    """

    head: int
    read: int = 0
    checkpoints: int = 0
    largest_holding: int | None = None
    smallest_contradicting: int | None = None
    waiting: int = 0
    read_all: bool = False
    findings: list[LogFinding] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings

    def add(self, wrong: Wrong, position: int | None, message: str) -> None:
        """Note something that is wrong."""
        self.findings.append(LogFinding(wrong=wrong, position=position, message=message))
