"""Making the read models anew from followed events, while they go on being followed into those that are read meanwhile."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.shards import SHARD_COUNT
from tiendo_event_store.followed import (
    FollowedCase,
    dense_position,
    followed_cases,
    followed_cases_beyond,
    followed_directory,
    read_followed,
    told_by,
)
from tiendo_event_store.followed_positions import followed_heads
from tiendo_projector.errors import RebuildFailed
from tiendo_projector.folding_chunks import SizedCase, chunks_of, write_cases
from tiendo_projector.over_kafka.consumers import CONSUMER
from tiendo_projector.over_kafka.folding import fold_told
from tiendo_projector.over_kafka.rules import NO_RULES, Books, books_of, change_rules
from tiendo_projector.rebuilding import Phase, RebuildProgress, Report, ignore, replacing
from tiendo_read_models import tables
from tiendo_read_models.builds import Build, create_indexes, hold_live_still, raise_checkpoints, swap, within
from tiendo_read_models.refolding import CaseKey, put_touched

_PAGE_CASES = 5_000
_ROUNDS_MAX = 100
_LAST_CASES_MAX = 1_000
_DENSE_AT_ONCE = 200_000


async def rebuild_followed(engine: AsyncEngine, progress: Report | None = None) -> Build:
    """The new live build, made from all followed events while the old one is read and followed, then swapped for it.

    Raises RebuildRunning, and RebuildFailed when the database stays away; the live build is then as it was.
    """

    async def make(build: Build) -> None:
        await _Rebuild(engine, build, progress or ignore).run()

    return await replacing(engine, make)


class _Rebuild:
    """One rebuild under way. Events that come meanwhile stand beyond the positions up to which none was missing before it began."""

    def __init__(self, engine: AsyncEngine, build: Build, report: Report) -> None:
        self._engine = engine
        self._build = build
        self._report = report
        self._books: Books = {}
        self._events = self._cases = self._faults = self._total = 0

    async def run(self) -> None:
        async with self._engine.connect() as connection:
            filled_to = await _dense_positions(connection)
            self._books = books_of(await followed_directory(connection))
            self._total = sum((await followed_heads(connection, CONSUMER)).values())
        self._tell(Phase.FILLING)
        await self._fill_all()
        self._tell(Phase.INDEXING)
        await self._complete()
        self._tell(Phase.CATCHING_UP)
        await self._swap(await self._nearly_level(filled_to))
        self._tell(Phase.DONE)

    async def _fill_all(self) -> None:
        after = ""
        while page := await self._page(after):
            after = page[-1].case_id
            await self._fold(page)
            self._tell(Phase.FILLING)

    async def _page(self, after: str) -> list[FollowedCase]:
        async with self._engine.connect() as connection:
            return await followed_cases(connection, after, _PAGE_CASES)

    async def _complete(self) -> None:
        async with self._engine.begin() as connection:
            await create_indexes(connection, self._build)
        async with self._engine.begin() as connection:
            for table in tables.metadata.sorted_tables:
                await connection.execute(text(f"ANALYZE {self._build.schema_name}.{table.name}"))

    async def _nearly_level(self, filled_to: Mapping[UUID, int]) -> Mapping[UUID, int]:
        """The positions up to which everything is in the build, once little is beyond them."""
        for _ in range(_ROUNDS_MAX):
            async with self._engine.connect() as connection:
                reached = await _dense_positions(connection, filled_to)
                beyond = await followed_cases_beyond(connection, filled_to)
            if len(beyond) <= _LAST_CASES_MAX:
                return filled_to
            await self._fold(beyond)
            filled_to = reached
        raise RebuildFailed("the new read models never caught up with the live ones")

    async def _swap(self, filled_to: Mapping[UUID, int]) -> None:
        """Fold the last cases and put the build in place of the live one, while nobody else stores or folds."""
        async with self._engine.begin() as connection:
            await change_rules(connection)
            await within(connection, self._build)
            for chunk in _chunks(await followed_cases_beyond(connection, filled_to)):
                await self._write(connection, chunk)
            await self._list_touched(connection)
            position = sum((await _dense_positions(connection, filled_to)).values())
            live = await hold_live_still(connection)
            await raise_checkpoints(connection, self._build, max(position, live))
            if not await swap(connection, self._build):
                raise RebuildFailed("the live read models are ahead of the new ones")

    async def _list_touched(self, connection: AsyncConnection) -> None:
        """What was folded by rules that have changed since is for those who follow to fold again."""
        now = books_of(await followed_directory(connection))
        for log_id, book in now.items():
            before = self._books.get(log_id, NO_RULES)
            among = told_by(log_id, tables.cases.c.case_id)
            await put_touched(connection, range(SHARD_COUNT), before, book, among)

    async def _fold(self, cases: Sequence[FollowedCase]) -> None:
        for chunk in _chunks(cases):
            async with self._engine.begin() as connection:
                await connection.execute(text("SET LOCAL synchronous_commit = off"))
                await self._write(await within(connection, self._build), chunk)

    async def _write(self, connection: AsyncConnection, chunk: Sequence[CaseKey]) -> None:
        told = await read_followed(connection, [key.case_id for key in chunk])
        folded = await fold_told(chunk, told, self._books)
        faults = await write_cases(connection, self._build, folded, position=None)
        self._events += sum(one.event_count for one in folded)
        self._cases += len(folded)
        self._faults += len(faults)

    def _tell(self, phase: Phase) -> None:
        self._report(
            RebuildProgress(
                phase=phase,
                events=self._events,
                events_total=max(self._total, self._events),
                cases=self._cases,
                faults=self._faults,
            )
        )


def _chunks(cases: Sequence[FollowedCase]) -> list[list[CaseKey]]:
    return list(
        chunks_of(
            [SizedCase(key=CaseKey(case_id=case.case_id, shard=case.shard), events=case.events) for case in cases]
        )
    )


async def _dense_positions(connection: AsyncConnection, known: Mapping[UUID, int] | None = None) -> dict[UUID, int]:
    """Of each log the position up to which no event is missing here, given that none is up to those `known`."""
    dense = dict.fromkeys(await followed_heads(connection, CONSUMER), 0) | dict(known or {})
    for log_id in dense:
        while (further := await dense_position(connection, log_id, dense[log_id], _DENSE_AT_ONCE)) > dense[log_id]:
            dense[log_id] = further
    return dense
