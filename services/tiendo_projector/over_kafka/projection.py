"""One build of the read models following topics: events stored, cases folded and places moved in one transaction."""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from uuid import UUID

import structlog
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_client.partitions import partition_of
from tiendo_contracts.shards import SHARD_COUNT
from tiendo_event_store.followed import FollowedEvent, dense_position, read_followed, store_followed
from tiendo_event_store.followed_positions import (
    FollowedTopic,
    followed_heads,
    hold_places,
    keep_places,
    move_places,
)
from tiendo_projector import metrics
from tiendo_projector.errors import BuildReplaced
from tiendo_projector.folding_chunks import CHUNK_CASES_MAX, SizedCase, chunks_of, write_cases
from tiendo_projector.over_kafka.folding import fold_told
from tiendo_projector.over_kafka.metrics import EVENTS
from tiendo_projector.over_kafka.reception import Batch
from tiendo_projector.over_kafka.rules import RuleBooks, share_rules
from tiendo_projector.over_kafka.stubs import Whole
from tiendo_read_models.builds import Build, checkpoints, live_build, raise_checkpoints, within
from tiendo_read_models.refolding import (
    LARGE_CASE_EVENTS,
    CaseKey,
    due_refolds,
    known_sizes,
    postpone,
    put_cases,
    put_faults,
    waits_for_fold,
)
from tiendo_read_models.writing import Folded

_DUE_AT_ONCE = 10_000
_CHUNKS_AT_ONCE = 4
_DENSE_AT_ONCE = 200_000

_journal = structlog.get_logger("tiendo.projector")


class FollowedProjection:
    """The live build, and the events that it is made from.

    Every write first holds the places of the partitions whose cases it writes where this process believes them, and only then reads the cases'
    events; and it shares the rules, which nobody changes meanwhile. So whatever two processes believe of their partitions, nothing newer is
    ever overwritten by something older, and every event takes effect once.
    """

    def __init__(self, engine: AsyncEngine, build: Build, topic: FollowedTopic, rules: RuleBooks, whole: Whole) -> None:
        self._engine = engine
        self._build = build
        self._topic = topic
        self._rules = rules
        self._whole = whole
        self._due: list[list[CaseKey]] = []
        self._folds = asyncio.Lock()
        self._dense: dict[UUID, int] = {}
        self.listed = 0
        """Events stored whose cases were put on the refold list since it was last seen empty."""

    async def retry_faults(self) -> None:
        """Put all faulty cases on the refold list: this version may be able to fold them."""
        async with self._engine.begin() as connection:
            await put_faults(await within(connection, self._build), range(SHARD_COUNT))

    async def take(self, batch: Batch) -> None:
        """Store a batch and fold its cases; where they are many, or more is to come, put them on the refold list instead.

        So far behind a case is folded once for many batches. Raises FollowedElsewhere, BuildReplaced; then nothing of it stands.
        """
        events = [await self._whole(one) for one in batch.received]
        keys = list({event.subject: _key(event) for event in events}.values())
        async with self._writing() as connection:
            await hold_places(connection, self._topic, batch.before)
            small = await self._put_off_large(connection, keys)
            at_once = len(small) <= CHUNK_CASES_MAX and not batch.more
            if at_once:
                told = await read_followed(connection, [key.case_id for key in small])
                await store_followed(connection, events)
                for event in events:
                    told.setdefault(event.subject, []).append(event)
                await self._fold(connection, small, told)
            else:
                await store_followed(connection, events)
                await put_cases(connection, small)
            await move_places(connection, self._topic, batch.after)
        EVENTS.inc(len(events))
        if not at_once:
            self.listed += len(events)

    async def refold(self, partitions: Collection[int], partition_count: int) -> int:
        """The number of cases folded from the refold list, of those in `partitions`; 0 when none is due.

        Two transactions at a time, of different partitions: while the database writes what one has folded, the other folds.
        A topic that was deleted has no partitions (`partition_count` is 0): then nobody can tell whose a case is.
        """
        if not partition_count:
            self.listed = 0
            return 0
        if not any(self._due):
            self._due = await self._find_due(partitions, partition_count)
        if not any(self._due):
            self.listed = 0
            return 0
        work = [self._work_off(lane, partition_count) for lane in self._due]
        done = await asyncio.gather(*work, return_exceptions=True)
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome
        folded = sum(count for count in done if isinstance(count, int))
        metrics.REFOLDS.inc(folded)
        return folded

    async def _work_off(self, due: list[CaseKey], partition_count: int) -> int:
        """The number of cases folded of those `due`, which lose them: some transactions' worth."""
        before = len(due)
        for _ in range(_CHUNKS_AT_ONCE):
            if not due:
                break
            candidates = due[:CHUNK_CASES_MAX]
            async with self._engine.connect() as reading:
                sizes = await known_sizes(await within(reading, self._build), [key.case_id for key in candidates])
            chunk = next(chunks_of([SizedCase(key=key, events=sizes.get(key.case_id, 0)) for key in candidates]))
            await self._refold(chunk, partition_count)
            del due[: len(chunk)]
        return before - len(due)

    async def show_position(self) -> None:
        """Set the shards' checkpoints to the number of positions, over all logs, up to which no event is missing and all are folded."""
        async with self._engine.connect() as connection:
            heads = await followed_heads(connection, self._topic.consumer)
            shown = min((await checkpoints(connection, self._build)).values())
            if len(heads) == 1 and not self._dense:
                self._dense = dict.fromkeys(heads, shown)
            for log_id, head in heads.items():
                known = self._dense.get(log_id, 0)
                if known < head:
                    self._dense[log_id] = await dense_position(connection, log_id, known, _DENSE_AT_ONCE)
            position = sum(self._dense.values())
            # Asked after the events were looked at: whatever of them is not folded yet is on the list.
            if position <= shown or await waits_for_fold(await within(connection, self._build)):
                return
        async with self._engine.begin() as connection:
            await raise_checkpoints(connection, self._build, position)
        metrics.POSITION.set(position)

    async def _find_due(self, partitions: Collection[int], partition_count: int) -> list[list[CaseKey]]:
        """What is due of the partitions, apart by their parity."""
        async with self._engine.connect() as connection:
            due = await due_refolds(await within(connection, self._build), range(SHARD_COUNT), limit=_DUE_AT_ONCE)
        lanes: list[list[CaseKey]] = [[], []]
        for key in due:
            partition = partition_of(key.case_id.encode(), partition_count)
            if partition in partitions:
                lanes[partition % 2].append(key)
        return lanes

    async def _refold(self, chunk: Sequence[CaseKey], partition_count: int) -> None:
        async with self._writing() as connection:
            # Whoever has them now: what is stored in them stands still while it is read and folded.
            await keep_places(
                connection, self._topic, {partition_of(key.case_id.encode(), partition_count) for key in chunk}
            )
            told = await read_followed(connection, [key.case_id for key in chunk])
            await self._fold(connection, chunk, told)

    async def _put_off_large(self, connection: AsyncConnection, keys: Sequence[CaseKey]) -> list[CaseKey]:
        """Those that are to be folded now; large ones known to the build are put off."""
        sizes = await known_sizes(connection, [key.case_id for key in keys])
        large = [key for key in keys if sizes.get(key.case_id, 0) > LARGE_CASE_EVENTS]
        await postpone(connection, large)
        put_off = {key.case_id for key in large}
        return [key for key in keys if key.case_id not in put_off]

    async def _fold(
        self, connection: AsyncConnection, chunk: Sequence[CaseKey], told: Mapping[str, Sequence[FollowedEvent]]
    ) -> None:
        books = await self._rules.current(connection)
        async with self._folds:
            folded: list[Folded] = await fold_told(chunk, told, books)
        faults = await write_cases(connection, self._build, folded, position=None)
        metrics.CASES.inc(len(folded))
        metrics.FAULTS.inc(len(faults))
        for fault in faults:
            _journal.warning("case cannot be folded", case_id=fault.case_id, cause=fault.cause)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that shares the rules. Raises BuildReplaced.

        It need not wait for the disk: what it stores is lost or kept together with the places, from where the topic is read again.
        """
        async with self._engine.begin() as connection:
            await connection.execute(text("SET LOCAL synchronous_commit = off"))
            await share_rules(connection)
            if await live_build(connection) != self._build:
                raise BuildReplaced
            yield await within(connection, self._build)


def _key(event: FollowedEvent) -> CaseKey:
    return CaseKey(case_id=event.subject, shard=event.shard or 0)
