"""Row-level security on the log: the query side sees the events of the codes that its transaction has named, everybody else all."""

from alembic import op

from tiendo_migrations.functions import OF_SIGHT
from tiendo_migrations.several_statements import execute_each

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

# A setting that was made within an earlier transaction of the connection is left empty.
_POLICIES = """
ALTER TABLE tiendo.events ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON tiendo.events
    TO tiendo_ingest, tiendo_projector, tiendo_query_all, tiendo_relay, tiendo_poller, tiendo_cli USING (TRUE) WITH CHECK (TRUE);
CREATE POLICY sight ON tiendo.events FOR SELECT TO tiendo_query
    USING (shard IS NOT NULL AND subject IN (SELECT unnest(nullif(current_setting('tiendo.codes', TRUE), '')::text[])));
ALTER TABLE tiendo.joined_codes ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON tiendo.joined_codes
    TO tiendo_ingest, tiendo_projector, tiendo_query_all, tiendo_relay, tiendo_poller, tiendo_cli USING (TRUE) WITH CHECK (TRUE);
"""


def upgrade() -> None:
    """Put the policies on the log; builds of the read models have their own (`tiendo_read_models.row_security`)."""
    for function in OF_SIGHT:
        op.execute(function)
    execute_each(_POLICIES)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
