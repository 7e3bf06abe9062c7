"""Which codes name one case is kept beside the log."""

from tiendo_migrations.several_statements import execute_each

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_TABLE = """
CREATE TABLE tiendo.joined_codes (
    position bigint NOT NULL PRIMARY KEY,
    code text COLLATE "C" NOT NULL,
    alias text COLLATE "C" NOT NULL
);
CREATE INDEX joined_codes_by_code ON tiendo.joined_codes (code);
CREATE INDEX joined_codes_by_alias ON tiendo.joined_codes (alias);
INSERT INTO tiendo.joined_codes (position, code, alias)
SELECT position, subject, CAST(text AS jsonb) -> 'data' ->> 'alias' FROM tiendo.events WHERE type = 'vn.tiendo.case.joined.v1';
"""


def upgrade() -> None:
    """Make the table, and fill it with what the log tells."""
    execute_each(_TABLE)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
