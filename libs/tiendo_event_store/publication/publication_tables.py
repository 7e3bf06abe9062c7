"""The tables of what is published over Kafka, and of what is followed from there. Alembic makes them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    false,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB

from tiendo_contracts.shards import SHARD_COUNT

metadata = MetaData(schema="tiendo")


def _key(name: str, *, primary_key: bool = False) -> Column[str]:
    return Column(name, Text(collation="C"), primary_key=primary_key, nullable=False)


relay_feeds = Table(
    "relay_feeds",
    metadata,
    _key("feed", primary_key=True),
    Column("log_id", Uuid, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("settled", Boolean, nullable=False, server_default=false()),
    Column("basis", Text),
    Column("refusal", Text),
    Column("updated_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)
"""One row a feed (`events`, `states`, `agencies`, each with its generation): everything up to `position` of the log is acknowledged by the broker.

`settled`: the relay that wrote this stopped in order, so that nothing of it is under way any more. `basis`: what else the messages depend on;
another one means that all is sent anew. `refusal`: why the relay does not go on."""

relay_partitions = Table(
    "relay_partitions",
    metadata,
    _key("topic", primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    Column("record_offset", BigInteger, nullable=False),
)
"""One row a partition of a topic of events: the position of the last acknowledged message and the offset that it has there."""

relay_cursors = Table(
    "relay_cursors",
    metadata,
    _key("feed", primary_key=True),
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("build_id", Integer, nullable=False),
    Column("revision", BigInteger, nullable=False),
    CheckConstraint(f"shard BETWEEN 0 AND {SHARD_COUNT - 1}", name="relay_cursors_shard"),
)
"""One row a feed of states and shard: every fold of that build up to `revision` is acknowledged by the broker."""

relay_agency_cases = Table(
    "relay_agency_cases",
    metadata,
    _key("topic", primary_key=True),
    _key("case_id", primary_key=True),
    Column("outside", Boolean, nullable=False, server_default=false()),
)
"""The cases that an agency was told of, written before it is told: one that leaves its subtree has to be taken back.

`outside`: it was taken back, and the broker has acknowledged that."""

followed_positions = Table(
    "followed_positions",
    metadata,
    _key("consumer", primary_key=True),
    _key("topic", primary_key=True),
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("record_offset", BigInteger, nullable=False),
    Column("positions", JSONB, nullable=False),
)
"""One row a partition that is followed: the offset to go on from, and for each log (`log_id`) the position of the last message taken."""
