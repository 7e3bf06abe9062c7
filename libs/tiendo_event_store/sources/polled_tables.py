"""The tables of sources that are polled: what was seen last of each of their cases, and how far each source is read. Alembic makes them."""

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    text,
)

metadata = MetaData(schema="tiendo")


def _key(name: str) -> Column[str]:
    return Column(name, Text(collation="C"), primary_key=True, nullable=False)


def _instant(name: str) -> Column[object]:
    return Column(name, DateTime(timezone=True))


polled_sources = Table(
    "polled_sources",
    metadata,
    _key("source"),
    Column("run", BigInteger, nullable=False),
    Column("poll_seconds", Float, nullable=False),
    _instant("bound_at"),
    Column("bound_text", Text),
    _instant("anchor_at"),
    _instant("anchored_at"),
    _instant("gateway_at"),
    _instant("whole_at"),
    _instant("polled_at"),
    _instant("changed_at"),
    Column("failures", Integer, nullable=False),
    Column("failure", Text),
)
"""One row a source. `run` is that of the poller that may write. `bound_at` is the latest change up to which everything was read, as the source
wrote it in `bound_text`; `anchor_at` an instant of the source's clock, when ours was `anchored_at`; `gateway_at` what its clock said last.
`whole_at`, `polled_at`, `changed_at` (ours): when everything was read last, when a poll ended well, when something new was seen."""

polled_cases = Table(
    "polled_cases",
    metadata,
    _key("source"),
    _key("item"),
    Column("seen", Text),
    Column("is_open", Boolean, nullable=False),
    Column("refused", LargeBinary),
    Index("polled_cases_open", "source", postgresql_where=text("is_open")),
)
"""One row a case of a source, by what the source calls it. `seen` is what the translator keeps of it, null while it was only ever refused;
`refused` the SHA-256 of what was refused last and stands among the rejections, null once it was taken."""
