"""The access log: who looked at whom, and who changed what. Rows are added and, when they are old, dropped from the beginning; never changed."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    true,
)

metadata = MetaData(schema="tiendo")

access_log = Table(
    "access_log",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("who", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("number > 0", name="access_log_number"),
    CheckConstraint("octet_length(hash) = 32", name="access_log_hash"),
    Index("access_log_by_who", "who", "number"),
    Index("access_log_by_subject", "kind", "subject", "number"),
    Index("access_log_by_at", "at"),
)
"""`text` is the entry as JSON, of which the other columns are copies; `hash` is the SHA-256 of the hash before and of the text."""

access_log_start = Table(
    "access_log_start",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=true()),
    Column("number", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("singleton", name="access_log_start_singleton"),
)
"""One row: the last entry that was dropped, with its hash, on which the first one that is there rests."""
