"""Events are appended by a function alone, which says where and when; what another log said of its event stands in columns of its own."""

import sqlalchemy as sa
from alembic import op

from tiendo_migrations.functions import OF_THE_LOG

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

# Rows are refused every UPDATE; a column that is computed anew is none. Only a log that follows others is written anew for it.
_ORIGIN = """
ALTER TABLE tiendo.events ALTER COLUMN origin_ingested_at TYPE timestamptz
      USING CASE WHEN log_id IS NOT NULL THEN ingested_at END
"""


def upgrade() -> None:
    """Add the column and the functions; of what was followed before, the own log knows no other instant than the other's."""
    op.execute("ALTER TABLE tiendo.events ADD COLUMN origin_ingested_at timestamptz")
    if op.get_bind().scalar(sa.text("SELECT EXISTS (SELECT FROM tiendo.events WHERE log_id IS NOT NULL)")):
        op.execute(_ORIGIN)
    op.execute(
        "ALTER TABLE tiendo.events ADD CONSTRAINT events_origin_instant CHECK ((log_id IS NULL) = (origin_ingested_at IS NULL))"
    )
    for function in OF_THE_LOG:
        op.execute(function)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
