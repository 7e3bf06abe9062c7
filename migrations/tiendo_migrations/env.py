"""Alembic's entry: runs the migrations over the connection, and in the transaction, that `running` hands over."""

from alembic import context

_LOCK_TIMEOUT = "5s"

connection = context.config.attributes.get("connection")
if connection is None:
    raise RuntimeError("the migrations run by `tiendo migrate`, or by tiendo_migrations.upgrade")

# A migration that waits for a busy table holds up everybody behind it: it gives up instead, and is tried again later.
connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_LOCK_TIMEOUT}'")
context.configure(connection=connection, version_table_schema="tiendo")
with context.begin_transaction():
    context.run_migrations()
