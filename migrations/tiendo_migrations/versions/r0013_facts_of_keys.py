"""The facts of a key found by its id, also by services that read nothing else of the log."""

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_INDEX = "CREATE INDEX events_of_no_case ON tiendo.events (subject, position) WHERE shard IS NULL"

_FACTS = """
CREATE FUNCTION tiendo.facts_of_key(wanted text) RETURNS text[] LANGUAGE sql STABLE SECURITY DEFINER
   SET search_path = pg_catalog, pg_temp
    AS $$
    SELECT coalesce(array_agg(event.text ORDER BY event.position), '{}') FROM tiendo.events AS event
     WHERE event.subject = wanted AND event.shard IS NULL AND event.log_id IS NULL AND event.type ^@ 'vn.tiendo.key.'
$$
"""


def upgrade() -> None:
    """Add the index and the function; keys that are there get their facts when the secret of the keys is made (`tiendo migrate`)."""
    op.execute(_INDEX)
    op.execute(_FACTS)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
