"""One build of the read models following the log, for some of its shards."""

import asyncio
from collections.abc import AsyncIterator, Collection, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Self
from uuid import UUID

import structlog
from sqlalchemy import ColumnElement, func, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_contracts.shards import SHARD_COUNT, shard_of
from tiendo_event_store import EventLog
from tiendo_event_store.followed.followed_appending import told_by
from tiendo_event_store.reading.log_rules import LogRules
from tiendo_event_store.reading.scanning import LogScan, LogSection, TouchedCase
from tiendo_projector import metrics
from tiendo_projector.errors import BuildReplaced
from tiendo_projector.folding_chunks import CHUNK_CASES_MAX, SizedCase, chunks_of, fold_groups, write_cases
from tiendo_read_models import tables
from tiendo_read_models.builds import Build, advance, checkpoints, hold, live_build, within
from tiendo_read_models.errors import CheckpointMoved
from tiendo_read_models.refolding import (
    LARGE_CASE_EVENTS,
    CaseKey,
    due_refolds,
    known_sizes,
    postpone,
    put_faults,
    put_touched,
)

_SMALL_STRETCH = 5_000
_LARGE_STRETCH = 200_000
_SHARE_OF_LAG = 4

_journal = structlog.get_logger("tiendo.projector")


class Projection:
    """The shards of one build that this process owns, where they stand, and the rules as they stood there.

    Every write first holds the shards' checkpoints where this process believes them and only then reads the cases' events: so whatever
    two processes believe of their ownership, nothing newer is ever overwritten by something older, and every batch takes effect once.
    A case whose codes lie in several shards (rule N4) is written by whoever of them has something to fold, while the checkpoints of all are held.
    """

    def __init__(
        self, engine: AsyncEngine, build: Build, places: Mapping[int, int], rules: LogRules, *, live: bool
    ) -> None:
        self._engine = engine
        self._log = EventLog(engine)
        self._scan = LogScan(engine)
        self._build = build
        self._checkpoints = dict(places)
        self._position = min(places.values())
        self._rules = rules
        self._live = live
        self._far = True
        self._held: frozenset[int] = frozenset()

    @classmethod
    async def open(cls, engine: AsyncEngine, build: Build, shards: Collection[int], *, live: bool) -> Self:
        """The projection of `shards` (at least one) of `build` from their checkpoints on.

        With `live` it raises BuildReplaced as soon as another build is read instead.
        """
        async with engine.connect() as connection:
            found = await checkpoints(connection, build)
        places = {shard: found[shard] for shard in shards}
        facts = await EventLog(engine).facts_of_logs(up_to=min(places.values()))
        return cls(engine, build, places, LogRules.fold(facts), live=live)

    @property
    def build(self) -> Build:
        """The build that is written."""
        return self._build

    @property
    def position(self) -> int:
        """The lowest checkpoint: everything up to it is in the build."""
        return self._position

    async def retry_faults(self) -> None:
        """Put the shards' faulty cases on the refold list: this version may be able to fold them."""
        async with self._writing() as connection:
            await put_faults(connection, self._checkpoints)

    async def step(self, stop: asyncio.Event | None = None) -> int:
        """The number of positions passed: 0 at the end of the log, or when `stop` ended a long section before its end."""
        section = await self._scan.section(self._position, await self._positions_at_once())
        if section.up_to == self._position:
            self._far = False
            return 0
        with metrics.BATCH_SECONDS.time():
            passed = await self._project(section, stop)
        self._far = passed >= _SMALL_STRETCH
        metrics.POSITION.set(self._position)
        return passed

    async def _positions_at_once(self) -> int:
        """Near the end everything; far from it a share of the way, so that a case with many events there is folded few times."""
        if not self._far:
            return _SMALL_STRETCH
        lag = await self._log.head() - self._position
        return min(max(lag // _SHARE_OF_LAG, _SMALL_STRETCH), _LARGE_STRETCH)

    async def refold(self) -> int:
        """The number of cases folded from the refold list: as many as one transaction holds, 0 when none is due.

        Only where the rules of the shard's checkpoint are at hand: a shard that is ahead of the others waits for them.
        """
        level = {shard: place for shard, place in self._checkpoints.items() if place == self._position}
        async with self._engine.connect() as reading:
            due = await due_refolds(await within(reading, self._build), level, limit=CHUNK_CASES_MAX)
            sizes = await known_sizes(reading, [key.case_id for key in due]) if due else {}
        chunk = next(chunks_of([SizedCase(key=key, events=sizes.get(key.case_id, 0)) for key in due]), None)
        if chunk is None:
            return 0
        async with self._writing(chunk) as connection:
            await self._fold(connection, chunk, self._rules, self._position)
        metrics.REFOLDS.inc(len(chunk))
        return len(chunk)

    async def _project(self, section: LogSection, stop: asyncio.Event | None) -> int:
        rules = await self._rules_after(section)
        reached = {shard: max(place, section.up_to) for shard, place in self._checkpoints.items()}
        chunks, large = await self._divided(section)
        for chunk in chunks[:-1]:
            if stop is not None and stop.is_set():
                return 0
            async with self._writing(chunk) as connection:
                await self._fold(connection, chunk, rules, section.up_to)
        async with self._writing(chunks[-1] if chunks else []) as connection:
            if section.directory:
                await self._list_touched(connection, section, rules)
            await postpone(connection, large)
            await self._fold(connection, chunks[-1] if chunks else [], rules, section.up_to)
            await advance(connection, self._build, self._moved(reached))
        passed = section.up_to - self._position
        self._checkpoints, self._position, self._rules = reached, min(reached.values()), rules
        return passed

    async def _rules_after(self, section: LogSection) -> LogRules:
        if not section.directory:
            return self._rules
        return self._rules.extended(await self._log.facts_of_logs(after=section.after, up_to=section.up_to))

    async def _list_touched(self, connection: AsyncConnection, section: LogSection, rules: LogRules) -> None:
        """Put on the refold list, log by log, the cases that the log tells of and its new rules touch."""
        behind = [shard for shard, place in self._checkpoints.items() if place < section.up_to]
        touched = 0
        for log_id, now in rules.books.items():
            before = self._rules.of(log_id)
            among = None if rules.books.keys() == {None} else _told_by(log_id)
            touched += await put_touched(connection, behind, before, now, among)
        _journal.info("rules changed", position=section.up_to, cases_to_fold_again=touched)

    async def _divided(self, section: LogSection) -> tuple[list[list[CaseKey]], list[CaseKey]]:
        """The cases of the section to be folded now, in chunks, and the large ones known to the build, which are put off."""
        new = [case for case in section.cases if case.last_position > self._checkpoints.get(case.shard, section.up_to)]
        sizes = await self._sizes(new)
        large = [case for case in new if sizes.get(case.case_id, 0) > LARGE_CASE_EVENTS]
        put_off = {case.case_id for case in large}
        sized = [
            SizedCase(key=_key(case), events=sizes.get(case.case_id, 0) + case.events)
            for case in new
            if case.case_id not in put_off
        ]
        return list(chunks_of(sized)), [_key(case) for case in large]

    async def _sizes(self, cases: Sequence[TouchedCase]) -> dict[str, int]:
        if not cases:
            return {}
        async with self._engine.connect() as connection:
            return await known_sizes(await within(connection, self._build), [case.case_id for case in cases])

    async def _fold(
        self, connection: AsyncConnection, chunk: Sequence[CaseKey], rules: LogRules, position: int
    ) -> None:
        if not chunk:
            return
        groups = await self._log.read_groups([key.case_id for key in chunk])
        if lacking := self._other_shards(group.codes for group in groups) - self._held:
            raise CheckpointMoved(lacking)  # joined in this moment: begin anew, and hold theirs too
        folded = fold_groups(groups, rules)
        faults = await write_cases(connection, self._build, folded, position=position)
        metrics.CASES.inc(sum(len(group.cases) for group in folded))
        metrics.FAULTS.inc(len(faults))
        for fault in faults:
            _journal.warning("case cannot be folded", case_id=fault.case_id, cause=fault.cause)

    def _other_shards(self, groups: Iterable[frozenset[str]]) -> frozenset[int]:
        """The shards of joined codes that are not among this projection's."""
        return frozenset(shard_of(code) for codes in groups for code in codes) - self._checkpoints.keys()

    def _moved(self, reached: Mapping[int, int]) -> dict[int, int]:
        return {shard: place for shard, place in reached.items() if place != self._checkpoints[shard]}

    @asynccontextmanager
    async def _writing(self, chunk: Sequence[CaseKey] = ()) -> AsyncIterator[AsyncConnection]:
        """A transaction that holds the checkpoints, those too of other shards in which codes of the chunk's cases lie. Raises CheckpointMoved, BuildReplaced.

        It need not wait for the disk: rows and checkpoint are lost or kept together, and after the events they were made from.
        """
        self._held = frozenset()
        if chunk and len(self._checkpoints) < SHARD_COUNT:
            self._held = self._other_shards(await self._log.groups_of([key.case_id for key in chunk]))
        async with self._engine.begin() as connection:
            await connection.execute(text("SET LOCAL synchronous_commit = off"))
            await hold(connection, self._build, self._checkpoints, self._held)
            # Asked once the checkpoints are held: a swap that was under way has been seen to its end.
            if self._live and await live_build(connection) != self._build:
                raise BuildReplaced
            yield await within(connection, self._build)


def _told_by(log_id: UUID | None) -> ColumnElement[bool]:
    """The condition that the log tells of the case; of one of several codes it may."""
    cases = tables.cases.c
    return told_by(log_id, cases.case_id) | (func.cardinality(cases.aliases) > 0)


def _key(case: TouchedCase) -> CaseKey:
    return CaseKey(case_id=case.case_id, shard=case.shard)
