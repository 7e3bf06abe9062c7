"""What became of cases that were where an open case is: counted among those that are known to be finished, and nothing fitted."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct

from tiendo_domain.early_warning.stays import CaseInStep, StepStay

SAMPLE_MIN: Final = 10
"""Of fewer cases nothing is said."""


class Likeness(StrEnum):
    """In what the cases before were like the open one: the nearest of these of which enough are known."""

    PROCEDURE_AND_STEP = "procedure-and-step"
    STEP = "step"
    PROCEDURE = "procedure"


class FinishedCase(Struct, frozen=True, kw_only=True):
    """A finished case: its procedure by id, its stays, and whether it was late (rule D4)."""

    procedure: str | None
    stays: tuple[StepStay, ...]
    late: bool


class PaceOver(Struct, frozen=True, kw_only=True):
    """Of `cases` that were like it when they had as much time left, `late` were late in the end."""

    cases: int
    late: int
    likeness: Likeness

    @property
    def share(self) -> float:
        """The share of the late ones."""
        return self.late / self.cases


class _Stretches:
    """Stretches of time left, (left at the end, left at the beginning]: how many hold some time left."""

    def __init__(self) -> None:
        self._begins: list[int] = []
        self._ends: list[int] = []

    def add(self, stay: StepStay) -> None:
        self._begins.append(stay.left_at_begin)
        self._ends.append(stay.left_at_end)

    def sort(self) -> None:
        self._begins.sort()
        self._ends.sort()

    def holding(self, left: int) -> int:
        """How many begin with at least `left` and end with less."""
        begun = len(self._begins) - bisect_left(self._begins, left)
        ended = len(self._ends) - bisect_left(self._ends, left)
        return begun - ended


class _Outcomes:
    """The stays of cases that are alike, all and those of late cases."""

    def __init__(self) -> None:
        self.all, self.late = _Stretches(), _Stretches()
        self.allotted_after: list[int] = []

    def add(self, stay: StepStay, *, late: bool) -> None:
        self.all.add(stay)
        self.allotted_after.append(stay.allotted_after_minutes)
        if late:
            self.late.add(stay)

    def sort(self) -> None:
        self.all.sort()
        self.late.sort()
        self.allotted_after.sort()


class Pace:
    """What became of some finished cases, by where they were and how much time they had left."""

    def __init__(self, finished: Iterable[FinishedCase]) -> None:
        self._outcomes: dict[tuple[Likeness, str | None, str | None], _Outcomes] = defaultdict(_Outcomes)
        for case in finished:
            for stay in case.stays:
                for key in _likenesses(case.procedure, stay.step):
                    self._outcomes[key].add(stay, late=case.late)
        for outcomes in self._outcomes.values():
            outcomes.sort()

    def allotted_after(self, procedure: str | None, step: str | None) -> int:
        """What the steps after this one are usually allotted, by the median; 0 where too few cases tell."""
        outcomes = self._outcomes.get((Likeness.PROCEDURE_AND_STEP, procedure, step))
        known = () if outcomes is None else outcomes.allotted_after
        return known[len(known) // 2] if len(known) >= SAMPLE_MIN else 0

    def over(self, procedure: str | None, case: CaseInStep, left_minutes: int) -> PaceOver | None:
        """How many of those were late that had been where the case is with as much time left; None where too few are known."""
        for key in _likenesses(procedure, case.step):
            outcomes = self._outcomes.get(key)
            cases = 0 if outcomes is None else outcomes.all.holding(left_minutes)
            if outcomes is not None and cases >= SAMPLE_MIN:
                return PaceOver(cases=cases, late=outcomes.late.holding(left_minutes), likeness=key[0])
        return None


def _likenesses(procedure: str | None, step: str | None) -> tuple[tuple[Likeness, str | None, str | None], ...]:
    """The nearest first. Without a step there is none in which cases could be alike."""
    of_procedure = (Likeness.PROCEDURE, procedure, None)
    if step is None:
        return (of_procedure,)
    return ((Likeness.PROCEDURE_AND_STEP, procedure, step), (Likeness.STEP, None, step), of_procedure)
