"""Folding cases again beside the event loop, in bounded batches."""

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from typing import Final, TypeVar

import structlog

from tiendo_query.case_histories import CaseHistories
from tiendo_read_models.builds import Build
from tiendo_read_models.queries.refolding import ToFold, View, fold_cases
from tiendo_read_models.queries.relations import Relation, folded
from tiendo_read_models.rows import CaseRows

BATCH_SIZE: Final = 250
LARGE_CASE_EVENTS: Final = 2_000
"""Cases of more events are worked on one at a time, apart from all others."""

_Worked = TypeVar("_Worked")

_journal = structlog.get_logger("tiendo.query")


class Folding:
    """Folds cases from their events, off the event loop, one batch at a time; very large cases by a worker of their own."""

    def __init__(self, histories: CaseHistories) -> None:
        self._histories = histories
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="folding")
        self._large_worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="folding-large")

    async def batches(self, cases: Sequence[ToFold], view: View) -> AsyncIterator[list[CaseRows]]:
        """The rows of the cases as the view shows them, `BATCH_SIZE` cases at a time; cases that are not there then have none."""
        for start in range(0, len(cases), BATCH_SIZE):
            yield await self.fold(cases[start : start + BATCH_SIZE], view)

    async def fold(self, cases: Sequence[ToFold], view: View) -> list[CaseRows]:
        """The rows of one batch of cases as the view shows them."""
        usual = [case for case in cases if case.event_count <= LARGE_CASE_EVENTS]
        found = await self._fold(usual, view, large=False) if usual else []
        for case in cases:
            if case.event_count > LARGE_CASE_EVENTS:
                found += await self._fold([case], view, large=True)
        return found

    async def _fold(self, cases: Sequence[ToFold], view: View, *, large: bool) -> list[CaseRows]:
        loop = asyncio.get_running_loop()
        found: list[CaseRows] = []
        for group, stored, by_rules in await self._histories.cases(cases, view):
            work = partial(fold_cases, group, stored, by_rules)
            rows, faults = await (self.alone(work) if large else loop.run_in_executor(self._worker, work))
            found += rows
            for case_id, cause in faults.items():
                _journal.error("case cannot be folded", case_id=case_id, cause=cause)
        return found

    async def alone(self, work: Callable[[], _Worked]) -> _Worked:
        """What the work on a very large case gives, after all such work that came before it."""
        return await asyncio.get_running_loop().run_in_executor(self._large_worker, without_collecting, work)

    def close(self) -> None:
        """Let the workers go; a batch under way is not waited for."""
        for worker in (self._worker, self._large_worker):
            worker.shutdown(wait=False, cancel_futures=True)


async def folded_beside(build: Build, as_of: datetime, rows: Sequence[CaseRows]) -> Relation:
    """The relation of the folded cases, its text made beside the event loop."""
    return await asyncio.to_thread(folded, build, as_of, rows)


def without_collecting(work: Callable[[], _Worked]) -> _Worked:
    """What the work gives; no cycles are looked for meanwhile: among millions of fresh values that stops every thread for seconds."""
    gc.disable()
    try:
        return work()
    finally:
        gc.enable()
