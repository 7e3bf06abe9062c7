"""Fingerprints of applicants, by which texts of later records are cleared of them."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add an empty table."""
    op.execute(
        """
        CREATE TABLE tiendo.applicant_fingerprints (
            source text COLLATE "C" NOT NULL,
            code text COLLATE "C" NOT NULL,
            words smallint NOT NULL,
            bits integer NOT NULL,
            PRIMARY KEY (source, code, words, bits)
        )
        """
    )


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
