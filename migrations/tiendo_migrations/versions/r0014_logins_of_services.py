"""Each service has a login of its own (`tiendo_migrations.database_rights`); the projector makes schemas for builds, and no others."""

from alembic import op

from tiendo_migrations.functions import OF_BUILDS

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the functions of builds."""
    for function in OF_BUILDS:
        op.execute(function)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
