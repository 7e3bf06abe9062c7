"""What a check finds."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """Whether all is well; a warning is worth a look and fails nothing."""

    GOOD = "good"
    WARNING = "warning"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckFinding:
    """One finding; `remedy` says how to mend what is not good."""

    subject: str
    verdict: Verdict
    found: str
    remedy: str | None = None


def good(subject: str, found: str) -> CheckFinding:
    """A finding that needs nothing."""
    return CheckFinding(subject=subject, verdict=Verdict.GOOD, found=found)


def warning(subject: str, found: str, remedy: str) -> CheckFinding:
    """A finding that is worth a look."""
    return CheckFinding(subject=subject, verdict=Verdict.WARNING, found=found, remedy=remedy)


def wrong(subject: str, found: str, remedy: str) -> CheckFinding:
    """A finding that has to be mended."""
    return CheckFinding(subject=subject, verdict=Verdict.WRONG, found=found, remedy=remedy)
