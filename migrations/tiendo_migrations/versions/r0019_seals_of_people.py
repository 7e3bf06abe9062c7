"""Sessions and sign-in links say who somebody is under a seal; those without one are no more, and people sign in again."""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_STATEMENTS = (
    "DELETE FROM tiendo.sessions",
    "ALTER TABLE tiendo.sessions ADD COLUMN seal text NOT NULL",
    "DELETE FROM tiendo.sign_in_links",
    "ALTER TABLE tiendo.sign_in_links ADD COLUMN issuer text, ADD COLUMN subject text NOT NULL, ADD COLUMN seal text NOT NULL",
)


def upgrade() -> None:
    """Widen the tables."""
    for statement in _STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
