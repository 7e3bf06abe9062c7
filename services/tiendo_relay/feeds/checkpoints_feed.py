"""The signed checkpoints of the log, each sent once or, after a crash, once more: whoever reads them holds the log to what it was."""

from collections.abc import Sequence
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncEngine

from tiendo_contracts.messages.note_messages import checkpoint_record
from tiendo_contracts.messages.topics import checkpoints_topic
from tiendo_event_store.driver import lent_driver
from tiendo_event_store.proofs.checkpoints import StoredCheckpoint, checkpoints_of_sizes
from tiendo_event_store.publication import PublicationLog, note_acknowledged, open_feed, settle_feed
from tiendo_relay.errors import LogRenamed
from tiendo_relay.lock import RelayLock
from tiendo_relay.sending.batch_sender import BatchSender

_AT_ONCE: Final = 500
_SIZE_MAX: Final = 2**63 - 1

_journal = structlog.get_logger("tiendo.relay")


class CheckpointsFeed:
    """Checkpoints by size. See `tiendo_relay.feeds.feed.Feed`; its position is the size of the last one that was acknowledged."""

    def __init__(self, engine: AsyncEngine, log: PublicationLog, lock: RelayLock, *, generation: int) -> None:
        self._engine = engine
        self._log = log
        self._lock = lock
        self._name = f"checkpoints:g{generation}"
        self._topic = checkpoints_topic(generation=generation).name
        self._position = 0
        self._sender: BatchSender | None = None

    @property
    def name(self) -> str:
        """The feed's name."""
        return self._name

    @property
    def topics(self) -> Sequence[str]:
        """The topic of checkpoints."""
        return [self._topic]

    async def position(self) -> int:
        """The size of the last checkpoint that is acknowledged; before the feed is opened, what is noted."""
        return await self._log.noted_position(self._name) if self._sender is None else self._position

    async def open(self, sender: BatchSender) -> None:
        """Begin behind what is noted: what was under way is sent once more, and says the same. Raises LogRenamed."""
        log_id = await self._log.log_id()
        async with self._lock.writing() as connection:
            state = await open_feed(connection, self._name, log_id)
        if state.log_id != log_id:
            raise LogRenamed(self._name, log_id, state.log_id)
        self._position, self._sender = state.position, sender
        _journal.info("relaying checkpoints", position=self._position, feed=self._name)

    async def step(self) -> int:
        """The number of checkpoints sent."""
        assert self._sender is not None  # noqa: S101 - a feed is opened before its first step
        async with lent_driver(self._engine) as driver:
            found = await checkpoints_of_sizes(driver, self._position + 1, _SIZE_MAX, _AT_ONCE)
        if not found:
            return 0
        batches = self._sender.batches()
        for checkpoint in found:
            record = checkpoint_record(checkpoint.note, log_id=checkpoint.log_id)
            batches.add(self._topic, 0, record, timestamp_ms=_milliseconds(checkpoint))
        await self._sender.send(batches)
        self._position = found[-1].size
        async with self._lock.writing() as connection:
            await note_acknowledged(connection, self._name, self._position)
        return len(found)

    async def settle(self) -> None:
        """Note that nothing is under way."""
        async with self._lock.writing() as connection:
            await settle_feed(connection, self._name)


def _milliseconds(checkpoint: StoredCheckpoint) -> int:
    return int(checkpoint.signed_at.timestamp() * 1000)
