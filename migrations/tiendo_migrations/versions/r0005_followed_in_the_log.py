"""Followed events stand in the log itself; what only repeated the text of an event is no column any more."""

import json

import sqlalchemy as sa
from alembic import op

from tiendo_contracts.database.advisory_locks import APPEND
from tiendo_contracts.texts.canonical_json import digest
from tiendo_migrations.several_statements import execute_each

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BATCH_EVENTS = 5_000

_COLUMNS = """
ALTER TABLE tiendo.events DROP COLUMN occurred_at;
ALTER TABLE tiendo.events DROP COLUMN recorded_at;
ALTER TABLE tiendo.events ADD COLUMN log_id uuid;
ALTER TABLE tiendo.events ADD COLUMN origin_position bigint;
ALTER TABLE tiendo.events ADD CONSTRAINT events_origin CHECK ((log_id IS NULL) = (origin_position IS NULL));
DROP INDEX tiendo.events_by_key;
CREATE UNIQUE INDEX events_by_key ON tiendo.events (source, id) WHERE log_id IS NULL;
CREATE UNIQUE INDEX events_by_origin ON tiendo.events (log_id, origin_position) WHERE log_id IS NOT NULL;
"""

_FOLLOWED = sa.text("""
SELECT log_id, position AS origin_position, source, id, subject, type, shard, ingested_at, text
  FROM tiendo.followed_events ORDER BY log_id, position
""")
_INSERT = sa.text("""
INSERT INTO tiendo.events (position, source, id, subject, type, shard, ingested_at, digest, text, log_id, origin_position)
VALUES (:position, :source, :id, :subject, :type, :shard, :ingested_at, :digest, :text, :log_id, :origin_position)
""")


def upgrade() -> None:
    """Change the columns, and append what was followed; read models made from it are made anew, for its positions are others."""
    execute_each(_COLUMNS)
    if _moved(op.get_bind()):
        op.execute("UPDATE tiendo.projection_builds SET definition = ''")
    op.execute("DROP TABLE tiendo.followed_events")


def _moved(connection: sa.Connection) -> int:
    """The number of followed events that now stand in the log."""
    # The lock of the log's writers: positions stay dense.
    connection.execute(sa.text(f"SELECT pg_advisory_xact_lock({APPEND.key})"))
    position = head = connection.execute(sa.text("SELECT coalesce(max(position), 0) FROM tiendo.events")).scalar_one()
    for rows in connection.execute(_FOLLOWED).mappings().partitions(_BATCH_EVENTS):
        new = []
        for position, row in enumerate(rows, position + 1):  # noqa: B020 - goes on where the last batch ended
            new.append({**row, "position": position, "digest": digest(json.loads(row["text"]))})
        connection.execute(_INSERT, new)
    return int(position - head)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
