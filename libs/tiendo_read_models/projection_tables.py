"""The tables about the read models that Alembic owns: builds, their checkpoints, and the pointer to the live build."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    func,
    true,
)

from tiendo_contracts.shards import SHARD_COUNT

metadata = MetaData(schema="tiendo")

projection_builds = Table(
    "projection_builds",
    metadata,
    Column("build_id", Integer, primary_key=True, autoincrement=False),
    Column("schema_name", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("definition", Text, nullable=False),  # fingerprint of the table definitions that the schema was made from
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("swapped_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('filling', 'live', 'retired')", name="projection_builds_state"),
)

projection_checkpoints = Table(
    "projection_checkpoints",
    metadata,
    Column("build_id", Integer, ForeignKey("tiendo.projection_builds.build_id", ondelete="CASCADE"), primary_key=True),
    Column("shard", SmallInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    CheckConstraint(f"shard BETWEEN 0 AND {SHARD_COUNT - 1}", name="projection_checkpoints_shard"),
)

projection_pointer = Table(
    "projection_pointer",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=true()),
    Column("build_id", Integer, ForeignKey("tiendo.projection_builds.build_id")),
    CheckConstraint("singleton", name="projection_pointer_singleton"),
)
"""One row; `build_id` is null until the first build goes live. A swap is one update of it."""
