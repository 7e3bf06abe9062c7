"""When events of a source came in is found by an index; a source may be retired."""

from tiendo_migrations.several_statements import execute_each

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_CHANGES = """
CREATE INDEX events_by_arrival ON tiendo.events (source, ingested_at) WHERE shard IS NOT NULL;
CREATE TABLE tiendo.retired_sources (
    source text COLLATE "C" NOT NULL PRIMARY KEY,
    retired_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
"""


def upgrade() -> None:
    """Make the index and the table."""
    execute_each(_CHANGES)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
