"""Where positions are kept: what every store of them can do, and the one in memory."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from aiokafka import AIOKafkaConsumer, TopicPartition

from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.positions import Positions
from tiendo_client.postgres import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What a batch does to the positions of one partition."""

    partition: TopicPartition
    before: Positions
    after: Positions


class PositionStore(Protocol):
    """Keeps a consumer's positions; the consumer opens and closes it."""

    @property
    def shared(self) -> bool:
        """Whether several processes of a consumer group may keep their positions here."""

    async def open(self, client: AIOKafkaConsumer, access: KafkaAccess, group: str | None) -> None:
        """Take what is needed to load and save. Raises PositionsUnusable."""

    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, Positions]:
        """The positions kept of these partitions; one that is missing begins at the beginning."""

    async def save(self, moves: Sequence[Move], connection: Connection) -> None:
        """Keep the positions after a batch. Raises PositionsMoved if they are not those before it."""

    async def close(self) -> None:
        """Give back what was taken."""


def without_connection(connection: Connection) -> None:
    """Return for no connection. Raises TypeError for one: nothing of it would keep the positions."""
    if connection is not None:
        raise TypeError("these positions are not kept in a database: save without a connection")


class MemoryPositions:
    """Keeps positions as long as the object lives: a new one begins at the beginning of the topics. Batches need not be saved."""

    shared = False

    def __init__(self) -> None:
        self._kept: dict[TopicPartition, Positions] = {}

    async def open(self, client: AIOKafkaConsumer, access: KafkaAccess, group: str | None) -> None:
        """Nothing is needed."""

    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, Positions]:
        """The positions of the last batch that was worked off."""
        return {partition: self._kept[partition] for partition in partitions if partition in self._kept}

    async def save(self, moves: Sequence[Move], connection: Connection = None) -> None:
        """Remember the positions."""
        without_connection(connection)
        self._kept.update({move.partition: move.after for move in moves})

    async def close(self) -> None:
        """Nothing was taken."""
