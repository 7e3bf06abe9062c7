"""Row-level security on the log: the query side sees the events of the codes that its transaction has named, everybody else all."""

from alembic import op

from tiendo_migrations.functions import OF_SIGHT

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the function; the policies stand in `tiendo_migrations.row_policies`, by which every `migrate` puts them in order."""
    for function in OF_SIGHT:
        op.execute(function)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
