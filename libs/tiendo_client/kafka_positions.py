"""Positions kept in Kafka itself, as the group's committed offsets: the offset to go on from, and in its metadata the tails of the chains.

They are committed after the batch. Rebalances that go in order lose and repeat nothing; after a crash the last batch comes again.
"""

from collections.abc import Collection, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import CommitFailedError, IllegalStateError, OffsetMetadataTooLargeError
from aiokafka.structs import OffsetAndMetadata

from tiendo_client.errors import PositionsMoved, PositionsUnusable
from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.lifecycle import begun
from tiendo_client.position_stores import Move, without_connection
from tiendo_client.positions import BEGINNING, Positions, positions_of
from tiendo_client.postgres import Connection


class KafkaPositions:
    """Keeps the positions of a consumer group in Kafka. The consumer must have a group."""

    shared = True

    async def open(self, client: AIOKafkaConsumer, access: KafkaAccess, group: str | None) -> None:
        """Take the consumer that commits. Raises PositionsUnusable without a group."""
        if group is None:
            raise PositionsUnusable("positions in Kafka are those of a group: name the consumer's `group`")
        self._client, self._access, self._group = client, access, group

    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, Positions]:
        """The positions that the group committed last. Raises PositionsUnusable for offsets that another program committed."""
        admin = AIOKafkaAdminClient(**self._access.options())
        await begun(admin.start())
        try:
            committed = await admin.list_consumer_group_offsets(self._group, partitions=list(partitions))
        finally:
            await admin.close()
        return {partition: self._read(partition, found) for partition, found in committed.items()}

    async def save(self, moves: Sequence[Move], connection: Connection = None) -> None:
        """Commit. Raises PositionsMoved if the group has given the partitions to another."""
        without_connection(connection)
        offsets = {move.partition: (move.after.offset, move.after.tails_text()) for move in moves}
        try:
            await self._client.commit(offsets)
        except (CommitFailedError, IllegalStateError) as error:
            raise PositionsMoved(f"group {self._group}: {error}") from error
        except OffsetMetadataTooLargeError as error:
            raise PositionsUnusable(
                f"group {self._group} follows more logs than the metadata of an offset can hold: keep the positions in a "
                "database, or let the broker take more (offset.metadata.max.bytes)"
            ) from error

    async def close(self) -> None:
        """Nothing was taken."""

    def _read(self, partition: TopicPartition, committed: OffsetAndMetadata) -> Positions:
        if committed.offset < 0:
            return BEGINNING
        try:
            return positions_of(committed.offset, committed.metadata)
        except (ValueError, AttributeError) as error:
            raise PositionsUnusable(
                f"group {self._group}, topic {partition.topic}, partition {partition.partition}: the offset was committed by "
                "another program; name another group, or delete the group's offsets to begin at the beginning"
            ) from error
