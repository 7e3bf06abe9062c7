"""People's sessions, the links that begin them, and the logout tokens that were taken."""

from tiendo_migrations.several_statements import execute_each

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE tiendo.sessions (
    digest bytea NOT NULL PRIMARY KEY,
    key_id text,
    issuer text,
    subject text NOT NULL,
    name text NOT NULL,
    roles text[] NOT NULL,
    units text[],
    officer_id text,
    issuer_session text,
    sealed_tokens text,
    began_at timestamptz NOT NULL DEFAULT now(),
    used_at timestamptz NOT NULL DEFAULT now(),
    renewed_at timestamptz NOT NULL DEFAULT now(),
    renewal_tried_at timestamptz,
    seal text NOT NULL
);
CREATE INDEX sessions_by_subject ON tiendo.sessions (subject);
CREATE TABLE tiendo.sign_in_links (
    digest bytea NOT NULL PRIMARY KEY,
    name text NOT NULL,
    roles text[] NOT NULL,
    units text[],
    officer_id text,
    made_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    used_at timestamptz,
    issuer text,
    subject text NOT NULL,
    seal text NOT NULL
);
CREATE TABLE tiendo.logout_tokens (
    digest bytea NOT NULL PRIMARY KEY,
    used_at timestamptz NOT NULL DEFAULT now()
)
"""


def upgrade() -> None:
    """Make the tables."""
    execute_each(_TABLES)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
