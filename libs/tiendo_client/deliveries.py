"""What a consumer hands over: messages with where they were read, in batches that are saved as one."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Generic, TypeVar

from aiokafka import ConsumerRecord, TopicPartition
from msgspec import Struct

from tiendo_client.errors import PositionsMoved
from tiendo_client.position_stores import Move
from tiendo_client.postgres import Connection
from tiendo_contracts.messages import EventMessage, StateMessage, redacted_members

M = TypeVar("M", bound=EventMessage | StateMessage)


class Delivery(Struct, Generic[M], frozen=True, kw_only=True, gc=False):
    """A validated message, and the record that it was read from.

    `replaces`: it takes the place of what was handed over at its position before, of which texts were redacted since.
    """

    message: M
    record: ConsumerRecord[bytes, bytes]
    replaces: bool = False

    @property
    def partition(self) -> TopicPartition:
        """The topic and partition that it was read from."""
        return TopicPartition(self.record.topic, self.record.partition)

    @property
    def redacted(self) -> tuple[str, ...]:
        """The members of an event whose text was taken out of the log, such as `data.reason`; none of most."""
        return redacted_members(self.record.headers)


class Batch(Generic[M]):
    """Messages to be worked off as one, in the order of each partition; then `save` keeps the positions after them.

    `redactions` are no further messages: each takes the place of one of this or of an earlier batch, with the same log and position, from
    which texts were taken out since. Replace what you kept of it; it may come more than once. A batch may hold nothing else.
    """

    def __init__(
        self,
        deliveries: Sequence[Delivery[M]],
        moves: Sequence[Move],
        save: Callable[[Sequence[Move], Connection], Awaitable[None]],
    ) -> None:
        self.deliveries = [delivery for delivery in deliveries if not delivery.replaces]
        self.redactions = [delivery for delivery in deliveries if delivery.replaces]
        self.moves = moves
        self.saved = False
        self.moved = False
        self._save = save

    @property
    def messages(self) -> Sequence[M]:
        """The messages alone."""
        return [delivery.message for delivery in self.deliveries]

    def __iter__(self) -> Iterator[M]:
        return iter(self.messages)

    def __len__(self) -> int:
        return len(self.deliveries)

    async def save(self, connection: Connection = None) -> None:
        """Keep the positions after this batch: in PostgreSQL within the transaction of `connection`, elsewhere at once.

        Raises PositionsMoved if another consumer has taken over: nothing of the batch may stand then, roll back.
        May be called again after a transaction that was rolled back.
        """
        try:
            await self._save(self.moves, connection)
        except PositionsMoved:
            self.moved = True
            raise
        self.saved = True
