"""What was mailed to whom on which day, so that nothing is mailed twice."""

from tiendo_migrations.several_statements import execute_each

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE tiendo.mail_deliveries (
    purpose text COLLATE "C" NOT NULL,
    about text COLLATE "C" NOT NULL,
    address text COLLATE "C" NOT NULL,
    on_day date NOT NULL,
    state text NOT NULL,
    attempts integer NOT NULL DEFAULT 1,
    failure text,
    noted_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (purpose, about, address, on_day),
    CONSTRAINT mail_deliveries_state CHECK (state IN ('sending', 'sent', 'nothing', 'failed', 'uncertain'))
);
"""


def upgrade() -> None:
    """Make the table."""
    execute_each(_TABLES)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
