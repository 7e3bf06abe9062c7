"""The tables of webhooks: how far the log has been looked through for each, and what each was told. Alembic makes them."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Integer, MetaData, Table, Text, text

metadata = MetaData(schema="tiendo")

webhook_progress = Table(
    "webhook_progress",
    metadata,
    Column("webhook", Text(collation="C"), primary_key=True, nullable=False),
    Column("position", BigInteger, nullable=False),
)
"""One row a webhook: the position in the log up to which there is a delivery for every fact that concerns it."""

webhook_deliveries = Table(
    "webhook_deliveries",
    metadata,
    Column("webhook", Text(collation="C"), primary_key=True, nullable=False),
    Column("position", BigInteger, primary_key=True, nullable=False, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("due_at", DateTime(timezone=True), nullable=False, server_default=text("clock_timestamp()")),
    Column("status", Integer),
    Column("failure", Text),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('pending', 'delivered', 'dead')", name="webhook_deliveries_state"),
    Index("webhook_deliveries_due", "due_at", postgresql_where=text("state = 'pending'")),
)
"""One row for each fact that a webhook is to be told. `due_at`: the next attempt, or until when the present one has time; `status`, `failure`: how
the last attempt ended; `ended_at`: when it was delivered, or given up (`dead`)."""
