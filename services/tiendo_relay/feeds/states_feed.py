"""A feed of states: follows what the read models hold of cases, fold by fold, and says of each changed case how it stands."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from tiendo_client.partitions import partition_of
from tiendo_contracts.messages import CaseState, Record, Version, state_record, state_stub
from tiendo_event_store import EventLog
from tiendo_event_store.publication import (
    forget_partitions,
    last_acknowledged,
    note_acknowledged,
    note_basis,
    open_feed,
    settle_feed,
)
from tiendo_event_store.publication.fold_cursors import (
    BEGINNING,
    Cursors,
    FoldCursor,
    ask_for_repeats,
    cursors_of,
    forget_repeats,
    put_cursors,
    repeats_of,
    wait_for_the_disk,
)
from tiendo_read_models.builds import is_as_defined, reading
from tiendo_read_models.errors import NoLiveBuild
from tiendo_read_models.published import ChangedCase, Changes, changed_cases
from tiendo_relay import metrics
from tiendo_relay.errors import LogRenamed, TopicIntruded, TopicRewound
from tiendo_relay.feeds.states_ends import TopicEnds
from tiendo_relay.lock import RelayLock
from tiendo_relay.sending.batch_sender import DELIVERY_SECONDS, REQUEST_SECONDS, BatchSender
from tiendo_relay.sending.batches import Batches

SETTLE_SECONDS: Final = DELIVERY_SECONDS + REQUEST_SECONDS
"""How long what a producer had under way when it ended may still arrive."""

BREATH_CASES: Final = 25
"""After so many cases others have their turn."""

_SHARD_CASES_MAX: Final = 32
_STEPS_WITHOUT_A_WORD_MAX: Final = 50

_journal = structlog.get_logger("tiendo.relay")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A state that is to be sent to a topic; `agency` is the unit whose agency it is made for."""

    topic: str
    state: CaseState
    version: Version
    agency: str | None = None


class Teller(Protocol):
    """What a feed of states says, and to whom."""

    @property
    def topics(self) -> Sequence[str]:
        """The topics that it speaks to."""
        ...

    @property
    def with_holds(self) -> bool:
        """Whether it says who held the cases."""
        ...

    async def basis(self) -> str:
        """What its messages depend on besides the cases. When that is another than before, all is said anew."""
        ...

    async def outgoing(self, cases: Sequence[ChangedCase], *, again: bool) -> Sequence[Outgoing]:
        """What is to be said now that these cases have changed; `again`: everything, whatever has been acknowledged before."""
        ...

    async def before(self, connection: AsyncConnection, outgoing: Sequence[Outgoing]) -> None:
        """Note what is about to be sent."""
        ...

    async def after(self, connection: AsyncConnection, outgoing: Sequence[Outgoing]) -> None:
        """Note what has been acknowledged."""
        ...


class StateFeed:
    """Sends what a teller says of changed cases; see `tiendo_relay.feeds.feed.Feed`.

    A state that arrives late, after a newer one, would be the one that the topic keeps. So when a relay has not ended in order, or a batch of
    this one was not acknowledged, everything behind the cursor is sent once more as soon as nothing of it can be under way any longer.
    Everything is sent anew when a topic has lost what it had acknowledged, and when somebody has written to it whom nobody knows of.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        lock: RelayLock,
        teller: Teller,
        ends: TopicEnds,
        *,
        name: str,
    ) -> None:
        self._engine = engine
        self._lock = lock
        self._teller = teller
        self._name = name
        self._ends = ends
        self._settle_seconds = SETTLE_SECONDS
        self._log = EventLog(engine)
        self._log_id = UUID(int=0)
        self._sender: BatchSender | None = None
        self._cursors: dict[int, FoldCursor] = dict(BEGINNING)
        self._repeats: Cursors | None = None
        self._repeat_at = 0.0
        self._repeating = False
        self._basis: str | None = None
        self._position = 0
        self._usable_build = 0

    @property
    def name(self) -> str:
        """The feed's name."""
        return self._name

    @property
    def topics(self) -> Sequence[str]:
        """The topics of its teller."""
        return self._teller.topics

    async def position(self) -> int:
        """The position of the log up to which every state has been acknowledged."""
        return self._position

    async def open(self, sender: BatchSender) -> None:
        """Go on from the cursors. Raises LogRenamed."""
        self._log_id = await self._log.log_id()
        async with self._lock.writing() as connection:
            await wait_for_the_disk(connection)
            state = await open_feed(connection, self._name, self._log_id)
            if state.log_id != self._log_id:
                raise LogRenamed(self._name, self._log_id, state.log_id)
            noted = await last_acknowledged(connection, self.topics)
        changed = await self._ends.begin(sender, self.topics, noted, settled=state.settled)
        async with self._lock.writing() as connection:
            await wait_for_the_disk(connection)
            nothing_under_way = state.settled and await repeats_of(connection, self._name) is None
            await forget_partitions(connection, changed)
            if changed:
                await self._begin_anew(connection)
            cursors = await cursors_of(connection, self._name)
            await put_cursors(connection, self._name, cursors)
            if changed or not state.settled:
                await ask_for_repeats(connection, self._name)
            self._repeats = await repeats_of(connection, self._name)
        self._sender, self._cursors = sender, dict(cursors)
        self._basis, self._position = state.basis, 0 if changed else state.position
        self._repeating = False
        self._repeat_at = asyncio.get_running_loop().time() + (0 if nothing_under_way else self._settle_seconds)
        _journal.info(
            "relaying states",
            feed=self._name,
            position=self._position,
            repeats=self._repeats is not None,
            lost_or_changed=len(changed),
        )

    async def step(self) -> int:
        """The number of messages sent: what the next changed cases gave occasion to."""
        try:
            sent = await self._step()
            if not sent:
                await self._ends.watch(self._opened(), self.topics)
        except TopicIntruded:
            if (
                self._repeats is None
            ):  # else it can be what an earlier producer had under way: that is sent once more anyway
                await self._answer()
            raise
        except TopicRewound:
            await self._answer()
            raise
        return sent

    async def _step(self) -> int:
        await self._look_at_basis()
        if self._repeats is not None and not self._repeating and self._is_time_for_repeats():
            self._cursors, self._repeating = dict(self._repeats), True
        for _ in range(_STEPS_WITHOUT_A_WORD_MAX):
            found = await self._changes()
            if found is None:
                return 0
            changes, position = found
            with metrics.STEP_SECONDS.labels(self._name).time():
                outgoing = await self._teller.outgoing(changes.cases, again=self._repeating)
                if outgoing:
                    await self._send(outgoing)
            await self._take(changes, outgoing, position)
            if outgoing or changes.complete:
                return len(outgoing)
        return 0

    async def settle(self) -> None:
        """Note that nothing is under way."""
        async with self._lock.writing() as connection:
            await note_acknowledged(connection, self._name, self._position, self._ends.to_note(now=True))
            await settle_feed(connection, self._name)

    async def _answer(self) -> None:
        async with self._lock.writing() as connection:
            await wait_for_the_disk(connection)
            await self._begin_anew(connection)

    async def _begin_anew(self, connection: AsyncConnection) -> None:
        """Note that everything has to be sent from the beginning, and as a repeat: also that cases were taken back."""
        await note_acknowledged(connection, self._name, 0)
        await put_cursors(connection, self._name, BEGINNING)
        await forget_repeats(connection, self._name)

    def _is_time_for_repeats(self) -> bool:
        return asyncio.get_running_loop().time() >= self._repeat_at

    async def _look_at_basis(self) -> None:
        """Begin from the beginning when the messages depend on something else than before."""
        partitions = ",".join(str(self._opened().partitions(name)) for name in self.topics)
        basis = f"{partitions} {await self._teller.basis()}".strip()
        if basis == self._basis:
            return
        async with self._lock.writing() as connection:
            await wait_for_the_disk(connection)
            await note_basis(connection, self._name, basis)
            await note_acknowledged(connection, self._name, 0)
            await put_cursors(connection, self._name, BEGINNING)
        if self._basis is not None:
            _journal.info("all states are sent anew", feed=self._name)
        self._basis, self._cursors, self._position = basis, dict(BEGINNING), 0

    async def _changes(self) -> tuple[Changes, int] | None:
        """The next changed cases, and the position that the read models had reached then; None while there are none to be read."""
        try:
            async with reading(self._engine) as reader:
                build_id = reader.build.build_id
                if build_id != self._usable_build and not await is_as_defined(reader.connection, reader.build):
                    return None  # a projector of this version makes another
                self._usable_build = build_id
                seen = {shard: cursor.revision_in(build_id) for shard, cursor in self._cursors.items()}
                changes = await changed_cases(reader, seen, limit=_SHARD_CASES_MAX, with_holds=self._teller.with_holds)
                return changes, reader.position
        except NoLiveBuild:
            return None

    async def _send(self, outgoing: Sequence[Outgoing]) -> None:
        """Send messages, once what they show is on the disk: a crash of the database must not undo a state that somebody has seen."""
        batches = await self._packed(outgoing)
        async with self._lock.writing() as connection:
            await wait_for_the_disk(connection)
            await note_acknowledged(connection, self._name, self._position)
            await self._teller.before(connection, outgoing)
        self._ends.take(await self._opened().send(batches))

    async def _packed(self, outgoing: Sequence[Outgoing]) -> Batches:
        sender = self._opened()
        batches = sender.batches()
        for number, one in enumerate(outgoing, start=1):
            record = self._record(one)
            if not batches.fits(one.topic, record):
                record = state_stub(one.state, log_id=self._log_id, version=one.version, agency=one.agency)
                metrics.STUBS.labels(self._name).inc()
            batches.add(one.topic, partition_of(record.key, sender.partitions(one.topic)), record)
            if number % (2 * BREATH_CASES) == 0:
                await asyncio.sleep(0)
        return batches

    def _record(self, one: Outgoing) -> Record:
        return state_record(one.state, log_id=self._log_id, version=one.version, agency=one.agency)

    async def _take(self, changes: Changes, outgoing: Sequence[Outgoing], position: int) -> None:
        """Note that the cases have been told of."""
        moved = {
            changed.shard: FoldCursor(build_id=changed.version.build, revision=changed.version.revision)
            for changed in changes.cases
        }
        reached = max(position, self._position) if changes.complete else self._position
        done = self._repeating and changes.complete
        if not (moved or done or reached != self._position):
            return
        async with self._lock.writing() as connection:
            if moved:
                await put_cursors(connection, self._name, moved)
            await note_acknowledged(connection, self._name, reached, self._ends.to_note())
            await self._teller.after(connection, outgoing)
            if done:
                await forget_repeats(connection, self._name)
        self._cursors.update(moved)
        self._position = reached
        if done:
            self._repeats, self._repeating = None, False
            _journal.info("everything that may have been overtaken has been sent once more", feed=self._name)

    def _opened(self) -> BatchSender:
        if self._sender is None:
            raise RuntimeError("the feed is opened before its first step")
        return self._sender
