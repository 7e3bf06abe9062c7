"""Sources that are polled: what was seen last of each of their cases, and how far each is read."""

from tiendo_migrations.several_statements import execute_each

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE tiendo.polled_sources (
    source text COLLATE "C" PRIMARY KEY,
    run bigint NOT NULL,
    poll_seconds double precision NOT NULL,
    bound_at timestamptz,
    bound_text text,
    anchor_at timestamptz,
    anchored_at timestamptz,
    gateway_at timestamptz,
    whole_at timestamptz,
    polled_at timestamptz,
    changed_at timestamptz,
    failures integer NOT NULL,
    failure text
);
CREATE TABLE tiendo.polled_cases (
    source text COLLATE "C" NOT NULL,
    item text COLLATE "C" NOT NULL,
    seen text,
    is_open boolean NOT NULL,
    refused bytea,
    PRIMARY KEY (source, item)
);
CREATE INDEX polled_cases_open ON tiendo.polled_cases (source) WHERE is_open;
"""


def upgrade() -> None:
    """Make the two tables."""
    execute_each(_TABLES)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
