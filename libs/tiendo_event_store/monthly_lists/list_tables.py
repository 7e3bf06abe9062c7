"""The tables of monthly lists: the steps of each, as the log has them, its frozen contents, and whom they name. Rows are only added."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Integer, LargeBinary, MetaData, Table, Text

metadata = MetaData(schema="tiendo")


def _code(name: str, *, primary_key: bool = False) -> Column[str]:
    return Column(name, Text(collation="C"), nullable=False, primary_key=primary_key)


publication_steps = Table(
    "publication_steps",
    metadata,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    _code("publication_id"),
    _code("unit_id"),
    _code("period"),
    Column("version", Integer, nullable=False),
    _code("kind"),
    Column("ingested_at", DateTime(timezone=True), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("text", Text, nullable=False),
    CheckConstraint("version > 0", name="publication_steps_version"),
    CheckConstraint("octet_length(digest) = 32", name="publication_steps_digest"),
    Index("publication_steps_by_publication", "publication_id", "position"),
    Index("publication_steps_by_unit", "unit_id", "period", "position"),
)
"""One row a fact of a publication in the log, written with it: its position, instant and text, and the digest of the content that it is about."""

publication_contents = Table(
    "publication_contents",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _code("publication_id"),
    _code("unit_id"),
    Column("version", Integer, nullable=False),
    Column("content", Text, nullable=False),
    Column("cases", LargeBinary, nullable=False),
    CheckConstraint("digest = sha256(convert_to(content, 'UTF8'))", name="publication_contents_digest"),
    Index("publication_contents_by_publication", "publication_id", "version"),
)
"""A frozen list: `content` is JSON in its canonical form, `digest` its SHA-256; `cases` is what it was summed up from (compressed)."""

publication_people = Table(
    "publication_people",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    _code("part", primary_key=True),
    _code("party_key", primary_key=True),
    _code("publication_id"),
    _code("unit_id"),
    Column("row", Text, nullable=False),
    Index("publication_people_by_party", "party_key", postgresql_using="hash"),
)
"""The officers whom a content names, each with the row of each part: what an officer is shown of the lists that name them."""
