"""The tables of the tree over the log and of its checkpoints. Alembic makes them; the database lets them grow, and refuses all else."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
)

metadata = MetaData(schema="tiendo")

log_tiles = Table(
    "log_tiles",
    metadata,
    Column("level", SmallInteger, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hashes", LargeBinary, nullable=False),
    CheckConstraint("level >= 0 AND number >= 0", name="log_tiles_place"),
    CheckConstraint(
        "octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0", name="log_tiles_hashes"
    ),
)
"""One row a tile: up to 256 hashes side by side. Those of level 0 are of leaves, in order; those of a level above of full tiles below it.
The last tile of a level grows until it is full; nothing else ever changes."""

log_checkpoints = Table(
    "log_checkpoints",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("log_id", Uuid, nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("root", LargeBinary, nullable=False),
    Column("signed_at", DateTime(timezone=True), nullable=False),
    Column("note", Text, nullable=False),
    CheckConstraint("number > 0 AND size >= 0", name="log_checkpoints_number"),
    CheckConstraint("octet_length(root) = 32", name="log_checkpoints_root"),
    Index("log_checkpoints_by_size", "size"),
)
"""One row a signed checkpoint, numbered without holes: the name of the log when it was signed, how many events it covers, and the signed note."""
