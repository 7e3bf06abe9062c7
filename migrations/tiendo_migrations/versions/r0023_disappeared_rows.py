"""What a source listed before and does not any more."""

from tiendo_migrations.several_statements import execute_each

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE tiendo.disappeared_rows (
    source text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    missed_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (source, item)
);
"""


def upgrade() -> None:
    """Make the table."""
    execute_each(_TABLES)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
