"""Monthly lists: their steps, frozen contents and whom they name; only added to, and seen by whom they concern."""

from alembic import op

from tiendo_migrations.publication_functions import OF_PUBLICATIONS
from tiendo_migrations.several_statements import execute_each

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_TABLES = """
CREATE TABLE tiendo.publication_steps (
    position bigint NOT NULL PRIMARY KEY,
    publication_id text COLLATE "C" NOT NULL,
    unit_id text COLLATE "C" NOT NULL,
    period text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    kind text COLLATE "C" NOT NULL,
    ingested_at timestamptz NOT NULL,
    digest bytea NOT NULL,
    text text NOT NULL,
    CONSTRAINT publication_steps_version CHECK (version > 0),
    CONSTRAINT publication_steps_digest CHECK (octet_length(digest) = 32)
);
CREATE INDEX publication_steps_by_publication ON tiendo.publication_steps (publication_id, position);
CREATE INDEX publication_steps_by_unit ON tiendo.publication_steps (unit_id, period, position);
CREATE TABLE tiendo.publication_contents (
    digest bytea NOT NULL PRIMARY KEY,
    publication_id text COLLATE "C" NOT NULL,
    unit_id text COLLATE "C" NOT NULL,
    version integer NOT NULL,
    content text NOT NULL,
    cases bytea NOT NULL,
    CONSTRAINT publication_contents_digest CHECK (digest = sha256(convert_to(content, 'UTF8')))
);
CREATE INDEX publication_contents_by_publication ON tiendo.publication_contents (publication_id, version);
CREATE TABLE tiendo.publication_people (
    digest bytea NOT NULL,
    part text COLLATE "C" NOT NULL,
    party_key text COLLATE "C" NOT NULL,
    publication_id text COLLATE "C" NOT NULL,
    unit_id text COLLATE "C" NOT NULL,
    row text NOT NULL,
    PRIMARY KEY (digest, part, party_key)
);
CREATE INDEX publication_people_by_party ON tiendo.publication_people USING hash (party_key);
"""

_GUARDS = """
CREATE TRIGGER {table}_only_grows BEFORE UPDATE OR DELETE OR TRUNCATE ON tiendo.{table}
   FOR EACH STATEMENT EXECUTE FUNCTION tiendo.refuse_publication_change();
CREATE TRIGGER {table}_only_grows_row BEFORE UPDATE OR DELETE ON tiendo.{table}
   FOR EACH ROW EXECUTE FUNCTION tiendo.refuse_publication_change();
ALTER TABLE tiendo.{table} ENABLE ALWAYS TRIGGER {table}_only_grows;
ALTER TABLE tiendo.{table} ENABLE ALWAYS TRIGGER {table}_only_grows_row;
"""


def upgrade() -> None:
    """Make the tables, their guards and functions; the policies stand in `tiendo_migrations.row_policies`."""
    execute_each(_TABLES)
    for function in OF_PUBLICATIONS:
        op.execute(function)
    for table in ("publication_steps", "publication_contents", "publication_people"):
        execute_each(_GUARDS.format(table=table))


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
