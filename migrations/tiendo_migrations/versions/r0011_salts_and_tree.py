"""Salts beside the texts of events, the tree over the log, and its checkpoints."""

from alembic import op

from tiendo_migrations.several_statements import execute_each

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

# The log's writers draw salts themselves, many at a time; the default is for the rows that are there already, which the new column writes anew
# without any trigger, and for whoever inserts without naming it. 16 bytes of a digest over 244 random bits.
_SALTS = """
ALTER TABLE tiendo.events ADD COLUMN salt bytea
      DEFAULT substring(sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) from 1 for 16);
ALTER TABLE tiendo.events ADD COLUMN commitment bytea;
ALTER TABLE tiendo.events ADD COLUMN redacted text[];
ALTER TABLE tiendo.events ALTER COLUMN digest DROP NOT NULL;
ALTER TABLE tiendo.events ADD CONSTRAINT events_salt CHECK (octet_length(salt) = 16);
ALTER TABLE tiendo.events ADD CONSTRAINT events_commitment CHECK (octet_length(commitment) = 32);
ALTER TABLE tiendo.events ADD CONSTRAINT events_redacted CHECK (
      (digest IS NULL) = (redacted IS NOT NULL) AND (salt IS NULL) = (redacted IS NOT NULL)
      AND (commitment IS NOT NULL) = (redacted IS NOT NULL));
"""

_TREE = """
CREATE TABLE tiendo.log_tiles (
    level smallint NOT NULL,
    number bigint NOT NULL,
    hashes bytea NOT NULL,
    PRIMARY KEY (level, number),
    CONSTRAINT log_tiles_place CHECK (level >= 0 AND number >= 0),
    CONSTRAINT log_tiles_hashes CHECK (octet_length(hashes) BETWEEN 32 AND 8192 AND octet_length(hashes) % 32 = 0)
);
ALTER TABLE tiendo.log_tiles ALTER COLUMN hashes SET STORAGE EXTERNAL;
CREATE TABLE tiendo.log_checkpoints (
    number bigint NOT NULL PRIMARY KEY,
    log_id uuid NOT NULL,
    size bigint NOT NULL,
    root bytea NOT NULL,
    signed_at timestamptz NOT NULL,
    note text NOT NULL,
    CONSTRAINT log_checkpoints_number CHECK (number > 0 AND size >= 0),
    CONSTRAINT log_checkpoints_root CHECK (octet_length(root) = 32)
);
CREATE INDEX log_checkpoints_by_size ON tiendo.log_checkpoints (size);
"""

_ONLY_GROWS = """
CREATE FUNCTION tiendo.refuse_shrinking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.level <> OLD.level OR NEW.number <> OLD.number
       OR substring(NEW.hashes from 1 for octet_length(OLD.hashes)) IS DISTINCT FROM OLD.hashes THEN
        RAISE EXCEPTION 'UPDATE of %.% is refused: the tree only grows', TG_TABLE_SCHEMA, TG_TABLE_NAME
              USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    RETURN NEW;
END $$
"""

_GUARDS = """
CREATE TRIGGER log_tiles_kept BEFORE DELETE OR TRUNCATE ON tiendo.log_tiles
   FOR EACH STATEMENT EXECUTE FUNCTION tiendo.refuse_change();
CREATE TRIGGER log_tiles_kept_row BEFORE DELETE ON tiendo.log_tiles
   FOR EACH ROW EXECUTE FUNCTION tiendo.refuse_change();
CREATE TRIGGER log_tiles_only_grow BEFORE UPDATE ON tiendo.log_tiles
   FOR EACH ROW EXECUTE FUNCTION tiendo.refuse_shrinking();
CREATE TRIGGER log_checkpoints_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tiendo.log_checkpoints
   FOR EACH STATEMENT EXECUTE FUNCTION tiendo.refuse_change();
CREATE TRIGGER log_checkpoints_append_only_row BEFORE UPDATE OR DELETE ON tiendo.log_checkpoints
   FOR EACH ROW EXECUTE FUNCTION tiendo.refuse_change();
ALTER TABLE tiendo.log_tiles ENABLE ALWAYS TRIGGER log_tiles_kept;
ALTER TABLE tiendo.log_tiles ENABLE ALWAYS TRIGGER log_tiles_kept_row;
ALTER TABLE tiendo.log_tiles ENABLE ALWAYS TRIGGER log_tiles_only_grow;
ALTER TABLE tiendo.log_checkpoints ENABLE ALWAYS TRIGGER log_checkpoints_append_only;
ALTER TABLE tiendo.log_checkpoints ENABLE ALWAYS TRIGGER log_checkpoints_append_only_row;
"""


def upgrade() -> None:
    """Draw a salt for each event that is there, and make the tables of the tree, which the signer fills when it starts."""
    execute_each(_SALTS)
    execute_each(_TREE)
    op.execute(_ONLY_GROWS)
    execute_each(_GUARDS)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
