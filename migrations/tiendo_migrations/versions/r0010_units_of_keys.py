"""Keys bound to the units whose cases they may see."""

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bind keys to units; those that were there see everything, as they did."""
    op.execute("ALTER TABLE tiendo.keys ADD COLUMN units text[]")


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
