"""Filling a new build case by case."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_event_store import EventLog
from tiendo_event_store.faults import is_transient
from tiendo_event_store.reading.log_rules import LogRules
from tiendo_event_store.stored import ToldGroup
from tiendo_projector.folding_chunks import fold_groups, is_unstorable, write_cases
from tiendo_read_models.builds import Build, within
from tiendo_read_models.folding import FoldedGroup, FoldFault
from tiendo_read_models.refolding import CaseKey
from tiendo_read_models.row_writing import (
    PlaceRecord,
    UnitRecord,
    add_places,
    insert_cases,
    merge_units,
    place_records,
    unit_records,
)

ATTEMPTS_MAX = 8
_BACK_OFF_SECONDS = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """What one piece brought into the build."""

    cases: int
    events: int
    faults: int


Fill = Callable[[Sequence[CaseKey]], Awaitable[Filled]]


class Filler:
    """Writes cases into a build that holds nothing of them, from the log and with the rules as they stood at `head`.

    Codes that were joined by then are filled as one, where the first of them is asked for: so no two processes ever write the same case.
    What they say of units, and where these hang, is gathered, and written by `finish` once: it is the same few units again and again.
    """

    def __init__(self, engine: AsyncEngine, build: Build, rules: LogRules, head: int) -> None:
        self._engine = engine
        self._log = EventLog(engine)
        self._build = build
        self._rules = rules
        self._head = head
        self._units: dict[tuple[int, str], UnitRecord] = {}
        self._places: dict[tuple[int, int], PlaceRecord] = {}

    @classmethod
    async def open(cls, engine: AsyncEngine, build: Build, head: int) -> Self:
        """A filler with the rules that stand in the log up to `head`."""
        return cls(engine, build, LogRules.fold(await EventLog(engine).facts_of_logs(up_to=head)), head)

    async def fill(self, cases: Sequence[CaseKey]) -> Filled:
        """What was written of `cases`, in one short transaction; tried again while the database is away."""
        for attempt in range(1, ATTEMPTS_MAX):
            try:
                return await self._fill(cases, again=attempt > 1)
            except Exception as error:
                if not is_transient(error):
                    raise
                await asyncio.sleep(_BACK_OFF_SECONDS * 2**attempt)
        return await self._fill(cases, again=True)

    async def finish(self) -> None:
        """Write what all the cases said of units, and where these hang."""
        async with self._engine.begin() as connection:
            await within(connection, self._build)
            await merge_units(connection, [self._units[key] for key in sorted(self._units)])
            await add_places(connection, [self._places[key] for key in sorted(self._places)])

    async def _fill(self, cases: Sequence[CaseKey], *, again: bool) -> Filled:
        groups = await self._log.read_groups([key.case_id for key in cases], up_to=self._head)
        folded = fold_groups(list(_of_their_own(groups, cases)), self._rules)
        async with self._engine.begin() as connection:
            await connection.execute(text("SET LOCAL synchronous_commit = off"))
            faults = await self._write(await within(connection, self._build), folded, again=again)
        self._gather(folded)
        filled = [one for group in folded for one in group.cases]
        return Filled(cases=len(filled), events=sum(one.event_count for one in filled), faults=len(faults))

    async def _write(
        self, connection: AsyncConnection, folded: Sequence[FoldedGroup], *, again: bool
    ) -> list[FoldFault]:
        if not again:  # nothing to replace; after a lost answer there may be
            try:
                async with connection.begin_nested():
                    await insert_cases(connection, self._build, folded)
            except Exception as error:
                if not is_unstorable(error):
                    raise
            else:
                return [fault for group in folded for fault in group.faults]
        return await write_cases(connection, self._build, folded, position=None)  # folds are noted when all are there

    def _gather(self, folded: Sequence[FoldedGroup]) -> None:
        for record in unit_records(folded):
            key = (record.shard, record.statement.unit_id)
            present = self._units.get(key)
            self._units[key] = record if present is None else present.merged(record)
        self._places |= {(shard, place.place_id): (shard, place) for shard, place in place_records(folded)}


def _of_their_own(groups: Sequence[ToldGroup], cases: Sequence[CaseKey]) -> Iterator[ToldGroup]:
    """The groups whose first code is among the cases."""
    asked = {key.case_id for key in cases}
    return (group for group in groups if min(event.subject for event in group.events) in asked)


@asynccontextmanager
async def filling_here(engine: AsyncEngine, build: Build, head: int) -> AsyncIterator[Fill]:
    """Filling in this process."""
    filler = await Filler.open(engine, build, head)
    yield filler.fill
    await filler.finish()
