"""A redaction leaves every other column as it was, also one that is younger than the trigger."""

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

_GUARD_OF_ROWS = """
CREATE OR REPLACE FUNCTION tiendo.only_redact() RETURNS trigger LANGUAGE plpgsql AS $$
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


def upgrade() -> None:
    """Compare all columns but those that a redaction changes."""
    op.execute(_GUARD_OF_ROWS)


def downgrade() -> None:
    """There is no way back: an older version refuses a newer database, and the log forgets nothing."""
    raise NotImplementedError
