"""The log, what was refused, the log's name, keys, and the builds of the read models; the defaults as the first facts."""

from dataclasses import asdict

import sqlalchemy as sa
from alembic import op

from tiendo_migrations.defaults import EVENTS, STATED_AT, default_facts
from tiendo_migrations.several_statements import execute_each

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_LOG = """
CREATE TABLE tiendo.events (
    position bigint NOT NULL PRIMARY KEY,
    source text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    shard smallint,
    occurred_at timestamptz NOT NULL,
    recorded_at timestamptz,
    ingested_at timestamptz NOT NULL,
    digest bytea NOT NULL,
    text text NOT NULL,
    CONSTRAINT events_position CHECK (position > 0),
    CONSTRAINT events_shard CHECK (shard BETWEEN 0 AND 15),
    CONSTRAINT events_digest CHECK (octet_length(digest) = 32)
);
CREATE UNIQUE INDEX events_by_key ON tiendo.events (source, id);
CREATE INDEX events_by_case ON tiendo.events (subject, position) WHERE shard IS NOT NULL;
CREATE INDEX events_of_directory ON tiendo.events (position) WHERE shard IS NULL;

CREATE TABLE tiendo.log_identity (
    singleton boolean NOT NULL DEFAULT true PRIMARY KEY,
    log_id uuid NOT NULL,
    drawn_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT log_identity_singleton CHECK (singleton)
);
INSERT INTO tiendo.log_identity (log_id) VALUES (gen_random_uuid());

CREATE TABLE tiendo.rejections (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    key_id text,
    request text,
    index integer,
    raw bytea,
    digest bytea NOT NULL,
    problem text NOT NULL,
    resubmitted_at timestamptz,
    resubmitted_position bigint
);
CREATE INDEX rejections_of_request ON tiendo.rejections (request, id) WHERE request IS NOT NULL;
CREATE INDEX rejections_with_raw ON tiendo.rejections (received_at) WHERE raw IS NOT NULL;
"""

_REFUSE_CHANGE = """
CREATE FUNCTION tiendo.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: the log is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
          USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Correct facts by further facts.';
END $$
"""

# Each guard twice: a statement is refused even where it meets no row, and a row even where no statement reaches the trigger
# (logical replication). ENABLE ALWAYS: `session_replication_role = replica` passes plain triggers by.
_GUARDS = """
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tiendo.events
   FOR EACH STATEMENT EXECUTE FUNCTION tiendo.refuse_change();
CREATE TRIGGER events_append_only_row BEFORE UPDATE OR DELETE ON tiendo.events
   FOR EACH ROW EXECUTE FUNCTION tiendo.refuse_change();
ALTER TABLE tiendo.events ENABLE ALWAYS TRIGGER events_append_only;
ALTER TABLE tiendo.events ENABLE ALWAYS TRIGGER events_append_only_row;
"""

_KEYS = """
CREATE TABLE tiendo.keys (
    key_id text NOT NULL PRIMARY KEY,
    name text NOT NULL,
    digest bytea NOT NULL UNIQUE,
    scopes text[] NOT NULL,
    sources text[],
    created_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz
);
"""

_PROJECTION = """
CREATE TABLE tiendo.projection_builds (
    build_id integer NOT NULL PRIMARY KEY,
    schema_name text NOT NULL UNIQUE,
    state text NOT NULL,
    definition text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    swapped_at timestamptz,
    CONSTRAINT projection_builds_state CHECK (state IN ('filling', 'live', 'retired'))
);
CREATE TABLE tiendo.projection_checkpoints (
    build_id integer NOT NULL REFERENCES tiendo.projection_builds (build_id) ON DELETE CASCADE,
    shard smallint NOT NULL,
    position bigint NOT NULL,
    PRIMARY KEY (build_id, shard),
    CONSTRAINT projection_checkpoints_shard CHECK (shard BETWEEN 0 AND 15)
);
CREATE TABLE tiendo.projection_pointer (
    singleton boolean NOT NULL DEFAULT true PRIMARY KEY,
    build_id integer REFERENCES tiendo.projection_builds (build_id),
    CONSTRAINT projection_pointer_singleton CHECK (singleton)
);
INSERT INTO tiendo.projection_pointer (build_id) VALUES (NULL);
"""


def upgrade() -> None:
    """Make everything and state the defaults."""
    execute_each(_LOG)
    op.execute(_REFUSE_CHANGE)
    for statements in (_GUARDS, _KEYS, _PROJECTION):
        execute_each(statements)
    for position, fact in enumerate(default_facts(), 1):
        row = {**asdict(fact), "position": position, "occurred_at": STATED_AT, "ingested_at": sa.func.now()}
        op.execute(EVENTS.insert().values(row))


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
