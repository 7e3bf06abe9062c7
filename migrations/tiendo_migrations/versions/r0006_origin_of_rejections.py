"""How a refused record came that was not sent as an event, so that it can be taken again."""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column that is null for events."""
    op.execute("ALTER TABLE tiendo.rejections ADD COLUMN origin text")


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
