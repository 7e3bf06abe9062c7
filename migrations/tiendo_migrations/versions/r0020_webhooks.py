"""What webhooks are told of publications, and the login of the process that tells them."""

from tiendo_migrations.several_statements import execute_each

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE tiendo.webhook_progress (
    webhook text COLLATE "C" NOT NULL PRIMARY KEY,
    position bigint NOT NULL
);
CREATE TABLE tiendo.webhook_deliveries (
    webhook text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    status integer,
    failure text,
    ended_at timestamptz,
    PRIMARY KEY (webhook, position),
    CONSTRAINT webhook_deliveries_state CHECK (state IN ('pending', 'delivered', 'dead'))
);
CREATE INDEX webhook_deliveries_due ON tiendo.webhook_deliveries (due_at) WHERE state = 'pending';
"""


def upgrade() -> None:
    """Make the tables; of the log the notifier sees what belongs to no case (`tiendo_migrations.row_policies`)."""
    execute_each(_TABLES)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
