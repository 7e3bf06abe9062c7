"""What another log has redacted is redacted where it is followed, by the follower, through one function."""

from alembic import op

from tiendo_migrations.functions import OF_REDACTION

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the function."""
    for function in OF_REDACTION:
        op.execute(function)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
