"""Keys that expire and are bound to cases, and rejections that are bounded by key and hour."""

from tiendo_migrations.several_statements import execute_each

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# A prefix of sources ends at a slash by itself now.
_KEYS = """
ALTER TABLE tiendo.keys
    ADD COLUMN cases text[],
    ADD COLUMN history_until timestamptz,
    ADD COLUMN expires_at timestamptz,
    ADD COLUMN last_used_at timestamptz;
UPDATE tiendo.keys SET sources = ARRAY(SELECT regexp_replace(source, '/$', '') FROM unnest(sources) AS source)
 WHERE sources IS NOT NULL;
"""

_REJECTIONS = """
CREATE TABLE tiendo.rejection_counts (
    key_id text NOT NULL,
    minute timestamptz NOT NULL,
    entries integer NOT NULL,
    size bigint NOT NULL,
    PRIMARY KEY (key_id, minute)
);
ALTER TABLE tiendo.rejections SET (
    autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
    toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 1000
);
"""


def upgrade() -> None:
    """Widen the table of keys and count rejections."""
    for statements in (_KEYS, _REJECTIONS):
        execute_each(statements)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
