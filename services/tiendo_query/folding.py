"""Folding cases again beside the event loop, in bounded batches."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

import structlog

from tiendo_query.telling import Telling
from tiendo_read_models.queries.refolding import ToFold, View, fold_cases
from tiendo_read_models.rows import CaseRows

BATCH_SIZE: Final = 250

_Worked = TypeVar("_Worked")

_journal = structlog.get_logger("tiendo.query")


class Folding:
    """Folds cases from their events, off the event loop, one batch at a time."""

    def __init__(self, telling: Telling) -> None:
        self._telling = telling
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="folding")

    async def batches(self, cases: Sequence[ToFold], view: View) -> AsyncIterator[list[CaseRows]]:
        """The rows of the cases as the view shows them, `BATCH_SIZE` cases at a time; cases that are not there then have none."""
        for start in range(0, len(cases), BATCH_SIZE):
            yield await self.fold(cases[start : start + BATCH_SIZE], view)

    async def fold(self, cases: Sequence[ToFold], view: View) -> list[CaseRows]:
        """The rows of one batch of cases as the view shows them."""
        if not cases:
            return []
        loop = asyncio.get_running_loop()
        found: list[CaseRows] = []
        for group, stored, by_rules in await self._telling.cases(cases, view):
            rows, faults = await loop.run_in_executor(self._worker, fold_cases, group, stored, by_rules)
            found += rows
            for case_id, cause in faults.items():
                _journal.error("case cannot be folded", case_id=case_id, cause=cause)
        return found

    async def alone(self, work: Callable[[], _Worked]) -> _Worked:
        """What the work gives, done by the one worker after all that came before it."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def close(self) -> None:
        """Let the worker go; a batch under way is not waited for."""
        self._worker.shutdown(wait=False, cancel_futures=True)
