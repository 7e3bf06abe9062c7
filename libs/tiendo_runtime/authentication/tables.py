"""The table of keys, which Alembic owns. Only keyed digests: a secret is shown once, when it is made. What a key may do is said by its facts."""

from sqlalchemy import Column, DateTime, LargeBinary, MetaData, Table, Text, func
from sqlalchemy.dialects.postgresql import ARRAY

metadata = MetaData(schema="tiendo")

keys = Table(
    "keys",
    metadata,
    Column("key_id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False, unique=True),
    Column("scopes", ARRAY(Text), nullable=False),
    Column("sources", ARRAY(Text)),
    Column("cases", ARRAY(Text)),
    Column("history_until", DateTime(timezone=True)),
    Column("units", ARRAY(Text)),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Column("expires_at", DateTime(timezone=True)),
    Column("last_used_at", DateTime(timezone=True)),
    Column("revoked_at", DateTime(timezone=True)),
)
"""`digest` is made of the secret under the secret of the keys. `sources` and `cases` are the prefixes that the key may send, `units` those
whose subtrees it may see, each null for all.
"""
