"""The table of mails: what was sent to whom on which day. Alembic makes it."""

from sqlalchemy import CheckConstraint, Column, Date, DateTime, Integer, MetaData, Table, Text, text

metadata = MetaData(schema="tiendo")

mail_deliveries = Table(
    "mail_deliveries",
    metadata,
    Column("purpose", Text(collation="C"), primary_key=True, nullable=False),
    Column("about", Text(collation="C"), primary_key=True, nullable=False),
    Column("address", Text(collation="C"), primary_key=True, nullable=False),
    Column("on_day", Date, primary_key=True, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default=text("1")),
    Column("failure", Text),
    Column("noted_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    CheckConstraint("state IN ('sending', 'sent', 'nothing', 'failed', 'uncertain')", name="mail_deliveries_state"),
)
"""One row for each address, day and what it is about: whoever makes it sends, so that none is sent twice. One that stays `sending` was being sent
by a process that died: it may have arrived, and is not sent again."""
