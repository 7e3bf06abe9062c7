"""The access log: who looked at whom, and who changed what, in a chain of hashes."""

from alembic import op

from tiendo_migrations.functions import OF_ACCESS_LOG
from tiendo_migrations.several_statements import execute_each

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE tiendo.access_log (
    number bigint NOT NULL PRIMARY KEY,
    at timestamptz NOT NULL,
    who text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT access_log_number CHECK (number > 0),
    CONSTRAINT access_log_hash CHECK (octet_length(hash) = 32)
);
CREATE INDEX access_log_by_who ON tiendo.access_log (who, number);
CREATE INDEX access_log_by_subject ON tiendo.access_log (kind, subject, number);
CREATE INDEX access_log_by_at ON tiendo.access_log (at);
CREATE TABLE tiendo.access_log_start (
    singleton boolean NOT NULL DEFAULT true PRIMARY KEY,
    number bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT access_log_start_singleton CHECK (singleton)
);
INSERT INTO tiendo.access_log_start (number, hash) VALUES (0, decode(repeat('00', 32), 'hex'));
"""

_GUARDS = """
CREATE TRIGGER access_log_only_grows BEFORE TRUNCATE ON tiendo.access_log
   FOR EACH STATEMENT EXECUTE FUNCTION tiendo.refuse_access_change();
CREATE TRIGGER access_log_only_grows_row BEFORE UPDATE OR DELETE ON tiendo.access_log
   FOR EACH ROW EXECUTE FUNCTION tiendo.refuse_access_change();
ALTER TABLE tiendo.access_log ENABLE ALWAYS TRIGGER access_log_only_grows;
ALTER TABLE tiendo.access_log ENABLE ALWAYS TRIGGER access_log_only_grows_row;
"""


def upgrade() -> None:
    """Make the tables, their guards and functions."""
    execute_each(_TABLES)
    for function in OF_ACCESS_LOG:
        op.execute(function)
    execute_each(_GUARDS)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
