"""The one change of an event that the database lets through: the text of named members replaced, with a fact that says so."""

from alembic import op

from tiendo_migrations.several_statements import execute_each

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

# Statements are refused as before, unless they come out of the owner's function; what a row may become is decided row by row, for the owner
# and a superuser, too, who can set the flag.
_GUARD_OF_STATEMENTS = """
CREATE FUNCTION tiendo.refuse_event_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('tiendo.redacting', true) = 'on' THEN
        RETURN NULL;
    END IF;
    RAISE EXCEPTION '% of %.% is refused: the log is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
          USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Correct facts by further facts.';
END $$
"""

_GUARD_OF_ROWS = """
CREATE FUNCTION tiendo.only_redact() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed constant text[] := '{text,digest,salt,commitment,redacted}';
    expected jsonb;
    member text;
BEGIN
    IF TG_OP = 'UPDATE' AND current_setting('tiendo.redacting', true) = 'on' THEN
        expected := OLD.text::jsonb;
        FOREACH member IN ARRAY coalesce(NEW.redacted, '{}') LOOP
            IF NOT (member = 'data.text' OR (member = 'data.reason' AND OLD.type ^@ 'vn.tiendo.case.'))
               OR jsonb_typeof(expected #> string_to_array(member, '.')) IS DISTINCT FROM 'string' THEN
                expected := NULL;
                EXIT;
            END IF;
            expected := jsonb_set(expected, string_to_array(member, '.'), '"[redacted]"', false);
        END LOOP;
        IF expected = NEW.text::jsonb AND NEW.redacted @> coalesce(OLD.redacted, '{}') AND cardinality(NEW.redacted) > 0
           AND NEW.digest IS NULL AND NEW.salt IS NULL AND NEW.commitment IS NOT NULL
           AND (OLD.commitment IS NULL OR OLD.commitment = NEW.commitment)
           AND to_jsonb(NEW) - changed = to_jsonb(OLD) - changed
           AND EXISTS (SELECT FROM tiendo.events AS fact
                        WHERE fact.shard IS NULL AND fact.log_id IS NULL
                          AND fact.type = 'vn.tiendo.log.redacted.v1' AND fact.position > OLD.position
                          AND fact.text::jsonb #> '{data,position}' = to_jsonb(OLD.position)
                          AND fact.text::jsonb #> '{data,members}' = to_jsonb(NEW.redacted)) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% of %.% is refused: the log is append-only', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
          USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Correct facts by further facts.';
END $$
"""

_FUNCTION = """
CREATE FUNCTION tiendo.redact_event(redacted_position bigint, members text[], new_text text, kept bytea)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM set_config('tiendo.redacting', 'on', true);
    UPDATE tiendo.events SET text = new_text, digest = NULL, salt = NULL, commitment = kept, redacted = members
     WHERE position = redacted_position;
    PERFORM set_config('tiendo.redacting', 'off', true);
END $$
"""

_TRIGGERS = """
DROP TRIGGER events_append_only ON tiendo.events;
DROP TRIGGER events_append_only_row ON tiendo.events;
CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON tiendo.events
   FOR EACH STATEMENT EXECUTE FUNCTION tiendo.refuse_event_change();
CREATE TRIGGER events_append_only_row BEFORE UPDATE OR DELETE ON tiendo.events
   FOR EACH ROW EXECUTE FUNCTION tiendo.only_redact();
ALTER TABLE tiendo.events ENABLE ALWAYS TRIGGER events_append_only;
ALTER TABLE tiendo.events ENABLE ALWAYS TRIGGER events_append_only_row;
REVOKE ALL ON FUNCTION tiendo.redact_event(bigint, text[], text, bytea) FROM PUBLIC;
"""


def upgrade() -> None:
    """Make the functions, and put the triggers on them."""
    for statement in (_GUARD_OF_STATEMENTS, _GUARD_OF_ROWS, _FUNCTION):
        op.execute(statement)
    execute_each(_TRIGGERS)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
