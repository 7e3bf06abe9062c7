"""Positions kept in the consumer's own PostgreSQL, in the transaction that keeps what it made of the batch: exactly once in effect."""

from collections.abc import Collection, Mapping, Sequence

from aiokafka import AIOKafkaConsumer, TopicPartition

from tiendo_client.errors import PositionsMoved
from tiendo_client.kafka_access import KafkaAccess
from tiendo_client.position_stores import Move
from tiendo_client.positions import Positions, positions_of
from tiendo_client.postgres import Connection, Connections, rows_of, rows_within, table_name, transaction
from tiendo_contracts.database.advisory_locks import TABLES_OF_CONSUMERS

TABLE = "tiendo_positions"

_CREATE = """
DO $$ BEGIN
PERFORM pg_advisory_xact_lock({lock});  -- of two that create it at once one would fail
CREATE TABLE IF NOT EXISTS {table} (
    consumer text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    positions jsonb NOT NULL,
    PRIMARY KEY (consumer, topic, partition)
);
END $$
"""
_BEGIN = """
INSERT INTO {table} (consumer, topic, partition, record_offset, positions)
SELECT $1, begun.topic, begun.partition, 0, CAST('{{}}' AS jsonb)
FROM unnest(CAST($2 AS text[]), CAST($3 AS integer[])) AS begun (topic, partition)
ON CONFLICT (consumer, topic, partition) DO NOTHING
"""
_LOAD = """
SELECT kept.topic, kept.partition, kept.record_offset, CAST(kept.positions AS text)
FROM {table} AS kept
JOIN unnest(CAST($2 AS text[]), CAST($3 AS integer[])) AS asked (topic, partition)
  ON kept.topic = asked.topic AND kept.partition = asked.partition
WHERE kept.consumer = $1
"""
_SAVE = """
UPDATE {table} AS kept
SET record_offset = moved.after_offset, positions = CAST(moved.after_positions AS jsonb)
FROM unnest(
    CAST($2 AS text[]), CAST($3 AS integer[]),
    CAST($4 AS bigint[]), CAST($5 AS text[]), CAST($6 AS bigint[]), CAST($7 AS text[])
) AS moved (topic, partition, before_offset, before_positions, after_offset, after_positions)
WHERE kept.consumer = $1 AND kept.topic = moved.topic AND kept.partition = moved.partition
  AND kept.record_offset = moved.before_offset AND kept.positions = CAST(moved.before_positions AS jsonb)
RETURNING kept.topic, kept.partition
"""


class PostgresPositions:
    """Keeps the positions of `consumer` in one table, a row a partition.

    `save` compares before it writes: of two processes that took the same messages, one fails, and its transaction with it.
    """

    shared = True

    def __init__(self, connections: Connections, *, consumer: str, table: str = TABLE) -> None:
        self._connections = connections
        self._consumer = consumer
        name = table_name(table)
        self._create, self._begin = _CREATE.format(table=name, lock=TABLES_OF_CONSUMERS.key), _BEGIN.format(table=name)
        self._load, self._save = _LOAD.format(table=name), _SAVE.format(table=name)

    async def create_table(self) -> None:
        """Create the table if it is not there."""
        async with transaction(self._connections) as connection:
            await rows_of(connection, self._create)

    async def open(self, client: AIOKafkaConsumer, access: KafkaAccess, group: str | None) -> None:
        """Nothing is needed but the connections."""

    async def load(self, partitions: Collection[TopicPartition]) -> Mapping[TopicPartition, Positions]:
        """The positions of the last transaction that was committed; partitions seen for the first time get a row."""
        topics = [partition.topic for partition in partitions]
        numbers = [partition.partition for partition in partitions]
        async with transaction(self._connections) as connection:
            await rows_of(connection, self._begin, self._consumer, topics, numbers)
            kept = await rows_of(connection, self._load, self._consumer, topics, numbers)
        return {TopicPartition(topic, number): positions_of(offset, tails) for topic, number, offset, tails in kept}

    async def save(self, moves: Sequence[Move], connection: Connection) -> None:
        """Keep the positions as part of the transaction of `connection`. Raises PositionsMoved; roll back then."""
        moves = sorted(moves, key=lambda move: move.partition)
        columns = (
            [move.partition.topic for move in moves],
            [move.partition.partition for move in moves],
            [move.before.offset for move in moves],
            [move.before.tails_text() for move in moves],
            [move.after.offset for move in moves],
            [move.after.tails_text() for move in moves],
        )
        kept = await rows_within(connection, self._save, self._consumer, *columns)
        if len(kept) < len(moves):
            moved = {move.partition for move in moves} - {TopicPartition(topic, number) for topic, number in kept}
            named = ", ".join(f"{partition.topic}[{partition.partition}]" for partition in sorted(moved))
            raise PositionsMoved(f"the positions of {self._consumer} in {named} are not those that the batch began at")

    async def close(self) -> None:
        """Nothing was taken."""
