"""Folding cases again beside the event loop, in bounded batches."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

import structlog

from tiendo_query.cases.case_histories import CaseHistories
from tiendo_query.sums.remembered_folds import RememberedFolds, Wanted, any_case
from tiendo_read_models.folding import StoredText
from tiendo_read_models.queries.cases.refolding import ToFold, View, fold_cases
from tiendo_read_models.queries.cases.relations import FoldedCase, folded_case

BATCH_SIZE: Final = 250
SMALL_CASE_EVENTS: Final = 50
"""Cases of at most so many events are folded in less time than it takes to hand them to a thread and wait for the interpreter."""

LARGE_CASE_EVENTS: Final = 2_000
"""Cases of more events are worked on one at a time, apart from all others."""

_Worked = TypeVar("_Worked")

_journal = structlog.get_logger("tiendo.query")


class FoldingWorkers:
    """The threads that fold, one for usual and one for very large cases, and what is remembered of what they did."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self.remembered = RememberedFolds(now)
        self.usual = ThreadPoolExecutor(max_workers=1, thread_name_prefix="folding")
        self.large = ThreadPoolExecutor(max_workers=1, thread_name_prefix="folding-large")

    def close(self) -> None:
        """Let them go; a batch under way is not waited for."""
        for worker in (self.usual, self.large):
            worker.shutdown(wait=False, cancel_futures=True)


class Folding:
    """Folds cases from their events, off the event loop, one batch at a time; very large cases by a worker of their own."""

    def __init__(self, histories: CaseHistories, workers: FoldingWorkers) -> None:
        self._histories = histories
        self._workers = workers

    def reading(self, histories: CaseHistories) -> "Folding":
        """The same workers, and what they remember, for whoever reads other histories."""
        return Folding(histories, self._workers)

    async def batches(
        self, cases: Sequence[ToFold], view: View, *, wanted: Wanted = any_case
    ) -> AsyncIterator[list[FoldedCase]]:
        """The cases as the view shows them, `BATCH_SIZE` of them at a time; those that are not there then, or not `wanted`, are left out."""
        for start in range(0, len(cases), BATCH_SIZE):
            yield await self.fold(cases[start : start + BATCH_SIZE], view, wanted=wanted)

    async def fold(self, cases: Sequence[ToFold], view: View, *, wanted: Wanted = any_case) -> list[FoldedCase]:
        """One batch of cases as the view shows them."""
        # What a case seen in part shows is one viewer's: it is never remembered.
        found = self._workers.remembered.known([case for case in cases if case.whole], view, wanted)
        fresh = [case for case in cases if case not in found]
        usual = [case for case in fresh if case.event_count <= LARGE_CASE_EVENTS]
        new = await self._fold(usual, view, large=False) if usual else {}
        for case in fresh:
            if case.event_count > LARGE_CASE_EVENTS:
                new |= await self._fold([case], view, large=True)
        self._workers.remembered.remember({case: shown for case, shown in new.items() if case.whole}, view)
        fresh_ones = (folded for shown in new.values() for folded in shown if wanted(folded))
        return [*(folded for shown in found.values() for folded in shown), *fresh_ones]

    async def _fold(self, cases: Sequence[ToFold], view: View, *, large: bool) -> dict[ToFold, tuple[FoldedCase, ...]]:
        """Each case with what it shows; without those that cannot be folded."""
        loop = asyncio.get_running_loop()
        found: dict[ToFold, tuple[FoldedCase, ...]] = {}
        for group, stored, by_rules in await self._histories.cases(cases, view):
            work = partial(_folded_cases, group, stored, by_rules)
            cases_of_group, faults = await (
                self.alone(work) if large else loop.run_in_executor(self._workers.usual, work)
            )
            found |= cases_of_group
            for case_id, cause in faults.items():
                _journal.error("case cannot be folded", case_id=case_id, cause=cause)
        return found

    async def alone(self, work: Callable[[], _Worked]) -> _Worked:
        """What the work on a very large case gives, after all such work that came before it."""
        return await asyncio.get_running_loop().run_in_executor(self._workers.large, without_collecting, work)

    def close(self) -> None:
        """Let the workers go."""
        self._workers.close()


def _folded_cases(
    cases: Sequence[ToFold], stored: Mapping[str, Sequence[StoredText]], view: View
) -> tuple[dict[ToFold, tuple[FoldedCase, ...]], dict[str, str]]:
    rows, faults = fold_cases(cases, stored, view)
    return {case: tuple(map(folded_case, shown)) for case, shown in rows.items()}, faults


def without_collecting(work: Callable[[], _Worked]) -> _Worked:
    """What the work gives; no cycles are looked for meanwhile: among millions of fresh values that stops every thread for seconds."""
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()
