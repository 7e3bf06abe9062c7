"""The tables of the log: what was accepted, what was refused, and the log's own name. Alembic makes them; the database guards them.

Keys sort by code point (`COLLATE "C"`), as the contract compares them.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY

from tiendo_contracts.shards import SHARD_COUNT

metadata = MetaData(schema="tiendo")


def _key(name: str) -> Column[str]:
    return Column(name, Text(collation="C"), nullable=False)


_SALT = "substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) from 1 for 16)"
"""For whoever inserts without naming the salt; 16 random bytes all the same."""

events = Table(
    "events",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    _key("source"),
    _key("id"),
    _key("subject"),
    _key("type"),
    Column("shard", SmallInteger),
    Column("ingested_at", DateTime(timezone=True), nullable=False),
    Column("digest", LargeBinary),
    Column("text", Text, nullable=False),
    Column("log_id", Uuid),
    Column("origin_position", BigInteger),
    Column("origin_ingested_at", DateTime(timezone=True)),
    Column("salt", LargeBinary, server_default=text(_SALT)),
    Column("commitment", LargeBinary),
    Column("redacted", ARRAY(Text)),
    CheckConstraint("position > 0", name="events_position"),
    CheckConstraint(f"shard BETWEEN 0 AND {SHARD_COUNT - 1}", name="events_shard"),
    CheckConstraint("octet_length(digest) = 32", name="events_digest"),
    CheckConstraint("(log_id IS NULL) = (origin_position IS NULL)", name="events_origin"),
    CheckConstraint("(log_id IS NULL) = (origin_ingested_at IS NULL)", name="events_origin_instant"),
    CheckConstraint("octet_length(salt) = 16", name="events_salt"),
    CheckConstraint("octet_length(commitment) = 32", name="events_commitment"),
    CheckConstraint(
        "(digest IS NULL) = (redacted IS NOT NULL) AND (salt IS NULL) = (redacted IS NOT NULL) "
        "AND (commitment IS NOT NULL) = (redacted IS NOT NULL)",
        name="events_redacted",
    ),
    Index("events_by_key", "source", "id", unique=True, postgresql_where=text("log_id IS NULL")),
    Index("events_by_origin", "log_id", "origin_position", unique=True, postgresql_where=text("log_id IS NOT NULL")),
    Index("events_by_case", "subject", "position", postgresql_where=text("shard IS NOT NULL")),
    Index("events_of_no_case", "subject", "position", postgresql_where=text("shard IS NULL")),
    Index("events_of_directory", "position", postgresql_where=text("shard IS NULL")),
    Index("events_by_arrival", "source", "ingested_at", postgresql_where=text("shard IS NOT NULL")),
)
"""One row an event. `position` is dense and in commit order. `shard` is null for facts of the directory and of the house, which belong to no case.
`digest` is the SHA-256 of the canonical form of `text`, the CloudEvent as it was accepted. UPDATE, DELETE and TRUNCATE are refused.

`salt` is drawn at random for each event: with it and the text the event's commitment is computed, and without it the commitment tells nothing.
Of a redacted event `redacted` names the members that are, `salt` and `digest` are erased, and `commitment` is kept, which is null of all others.

`log_id` and `origin_position` are null for what this log accepted itself. A followed event has the name of the log that accepted it and its
position and instant there, `origin_position` and `origin_ingested_at`; `ingested_at` is when this log took it.
Nobody but the owner inserts a row otherwise than by the functions `append_events` and `append_followed`."""

TOLD_AT: Final = "coalesce(origin_ingested_at, ingested_at)"
"""In SQL, the instant at which the log that accepted an event took it: by it the event is told, folded and proven."""

joined_codes = Table(
    "joined_codes",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    _key("code"),
    _key("alias"),
    Index("joined_codes_by_code", "code"),
    Index("joined_codes_by_alias", "alias"),
)
"""One row a `joined` in the log: the subject of the event and the other code that it names. Written with the event, never changed."""

retired_sources = Table(
    "retired_sources",
    metadata,
    Column("source", Text(collation="C"), primary_key=True),
    Column("retired_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
)
"""Sources of which nothing more is expected: that they are silent is told no more. One that sends again is in use again."""

disappeared_rows = Table(
    "disappeared_rows",
    metadata,
    Column("source", Text(collation="C"), primary_key=True),
    Column("item", Text(collation="C"), primary_key=True),
    Column("case_id", Text(collation="C"), nullable=False),
    Column("missed_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
)
"""What a source listed before and, since `missed_at`, does not any more: a case (`item` is what the source calls it) or a row of one. It goes when
the source lists it again."""

rejections = Table(
    "rejections",
    metadata,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("received_at", DateTime(timezone=True), nullable=False, server_default=func.clock_timestamp()),
    Column("key_id", Text),
    Column("request", Text),
    Column("index", Integer),
    Column("raw", LargeBinary),
    Column("digest", LargeBinary, nullable=False),
    Column("problem", Text, nullable=False),
    Column("resubmitted_at", DateTime(timezone=True)),
    Column("resubmitted_position", BigInteger),
    Column("origin", Text),
    Index("rejections_of_request", "request", "id", postgresql_where=text("request IS NOT NULL")),
    Index("rejections_with_raw", "received_at", postgresql_where=text("raw IS NOT NULL")),
)
"""One row a refused event. `raw` (the bytes as sent) is erased after a time, `digest` (its SHA-256) and `problem` stay.
`problem` (what is wrong, without the words) is JSON in ASCII, as text: what a hostile event made it quote could not be stored as jsonb.
`origin` (likewise JSON) says how a record of another format came, null for an event."""

rejection_counts = Table(
    "rejection_counts",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("minute", DateTime(timezone=True), primary_key=True),
    Column("entries", Integer, nullable=False),
    Column("size", BigInteger, nullable=False),
)
"""How many rejections of a key were kept in a minute, and the bytes of their texts; of the last hour, and a little before."""

applicant_fingerprints = Table(
    "applicant_fingerprints",
    metadata,
    Column("source", Text(collation="C"), primary_key=True),
    Column("code", Text(collation="C"), primary_key=True),
    Column("words", SmallInteger, primary_key=True, autoincrement=False),
    Column("bits", Integer, primary_key=True, autoincrement=False),
)
"""By which texts of later records are cleared of the applicant's name and numbers; so few bits of a digest that they name nobody."""

log_identity = Table(
    "log_identity",
    metadata,
    Column("singleton", Boolean, primary_key=True, server_default=true()),
    Column("log_id", Uuid, nullable=False),
    Column("drawn_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("singleton", name="log_identity_singleton"),
)
"""One row: the name of this log, drawn by the first migration, and anew by a restore."""
