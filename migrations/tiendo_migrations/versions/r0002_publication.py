"""What is published over Kafka and how far, and what is followed from there."""

from tiendo_migrations.several_statements import execute_each

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_RELAY = """
CREATE TABLE tiendo.relay_feeds (
    feed text COLLATE "C" NOT NULL PRIMARY KEY,
    log_id uuid NOT NULL,
    position bigint NOT NULL,
    settled boolean NOT NULL DEFAULT false,
    basis text,
    refusal text,
    updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE tiendo.relay_partitions (
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    position bigint NOT NULL,
    record_offset bigint NOT NULL,
    PRIMARY KEY (topic, partition)
);
CREATE TABLE tiendo.relay_cursors (
    feed text COLLATE "C" NOT NULL,
    shard smallint NOT NULL,
    build_id integer NOT NULL,
    revision bigint NOT NULL,
    PRIMARY KEY (feed, shard),
    CONSTRAINT relay_cursors_shard CHECK (shard BETWEEN 0 AND 15)
);
CREATE TABLE tiendo.relay_agency_cases (
    topic text COLLATE "C" NOT NULL,
    case_id text COLLATE "C" NOT NULL,
    outside boolean NOT NULL DEFAULT false,
    PRIMARY KEY (topic, case_id)
);
"""

_FOLLOWED = """
CREATE TABLE tiendo.followed_events (
    log_id uuid NOT NULL,
    position bigint NOT NULL,
    source text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    type text COLLATE "C" NOT NULL,
    shard smallint,
    ingested_at timestamptz NOT NULL,
    text text NOT NULL,
    PRIMARY KEY (log_id, position),
    CONSTRAINT followed_events_position CHECK (position > 0),
    CONSTRAINT followed_events_shard CHECK (shard BETWEEN 0 AND 15)
);
CREATE INDEX followed_events_by_case ON tiendo.followed_events (subject, log_id, position) WHERE shard IS NOT NULL;
CREATE INDEX followed_events_of_directory ON tiendo.followed_events (log_id, position) WHERE shard IS NULL;
CREATE TABLE tiendo.followed_positions (
    consumer text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    partition integer NOT NULL,
    record_offset bigint NOT NULL,
    positions jsonb NOT NULL,
    PRIMARY KEY (consumer, topic, partition)
);
"""


def upgrade() -> None:
    """Make the tables."""
    for statements in (_RELAY, _FOLLOWED):
        execute_each(statements)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
