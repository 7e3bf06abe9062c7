"""What a consumer hands over: messages with where they were read, in batches that are saved as one."""

from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Generic, TypeVar

from aiokafka import ConsumerRecord, TopicPartition
from msgspec import Struct

from tiendo_client.errors import PositionsMoved
from tiendo_client.position_stores import Move
from tiendo_client.postgres import Connection
from tiendo_contracts.messages import EventMessage, StateMessage

M = TypeVar("M", bound=EventMessage | StateMessage)


class Delivery(Struct, Generic[M], frozen=True, kw_only=True, gc=False):
    """A validated message, and the record that it was read from."""

    message: M
    record: ConsumerRecord[bytes, bytes]

    @property
    def partition(self) -> TopicPartition:
        """The topic and partition that it was read from."""
        return TopicPartition(self.record.topic, self.record.partition)


class Batch(Generic[M]):
    """Messages to be worked off as one, in the order of each partition; then `save` keeps the positions after them."""

    def __init__(
        self,
        deliveries: Sequence[Delivery[M]],
        moves: Sequence[Move],
        save: Callable[[Sequence[Move], Connection], Awaitable[None]],
    ) -> None:
        self.deliveries = deliveries
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
