"""The function by which a step of a monthly list is taken: the fact in the log, its row, and the frozen content in one go."""

from typing import Final

from tiendo_contracts.database.advisory_locks import APPEND
from tiendo_contracts.events.event_types import HOUSE_SOURCE

_SAFE: Final = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

APPEND_PUBLICATION_STEP: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.append_publication_step(
    of_publication text, of_unit text, of_period text, of_version integer, of_kind text, expected bigint,
    event_id text, event_digest bytea, event_text text, event_salt bytea,
    content_digest bytea, new_content text, new_cases bytea, new_parts text[], new_parties text[], new_rows text[],
    OUT at_position bigint, OUT at_instant timestamptz
) LANGUAGE plpgsql {_SAFE} AS $$
DECLARE
    latest bigint;
    fact_type text := 'vn.tiendo.publication.' || of_kind || '.v1';
BEGIN
    PERFORM pg_advisory_xact_lock({APPEND.key});
    SELECT coalesce(max(step.position), 0) INTO latest FROM tiendo.publication_steps AS step
     WHERE step.unit_id = of_unit AND step.period = of_period;
    IF latest <> expected THEN
        RAISE EXCEPTION 'another step was taken at %', latest USING ERRCODE = 'object_in_use';
    END IF;
    IF (event_text::json ->> 'type', event_text::json ->> 'source', event_text::json ->> 'subject', event_text::json ->> 'id')
       IS DISTINCT FROM (fact_type, '{HOUSE_SOURCE}', of_publication, event_id) THEN
        RAISE EXCEPTION 'the fact is none of this step' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    SELECT appended.last_position + 1, appended.instant INTO at_position, at_instant
      FROM tiendo.append_events(ARRAY['{HOUSE_SOURCE}'], ARRAY[event_id], ARRAY[of_publication], ARRAY[fact_type], ARRAY[NULL::smallint],
                                ARRAY[event_digest], ARRAY[event_text], event_salt) AS appended;
    IF new_content IS NOT NULL THEN
        INSERT INTO tiendo.publication_contents (digest, publication_id, unit_id, version, content, cases)
        VALUES (content_digest, of_publication, of_unit, of_version, new_content, new_cases);
        INSERT INTO tiendo.publication_people (digest, part, party_key, publication_id, unit_id, row)
        SELECT content_digest, named.part, named.party_key, of_publication, of_unit, named.said
          FROM unnest(new_parts, new_parties, new_rows) AS named (part, party_key, said);
    END IF;
    INSERT INTO tiendo.publication_steps (position, publication_id, unit_id, period, version, kind, ingested_at, digest, text)
    VALUES (at_position, of_publication, of_unit, of_period, of_version, of_kind, at_instant, content_digest, event_text);
END $$
"""
"""Takes a step if the last one of the unit's month is still the one `expected` (0: none), else raises `object_in_use`."""

REFUSE_PUBLICATION_CHANGE: Final = """
CREATE OR REPLACE FUNCTION tiendo.refuse_publication_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    RAISE EXCEPTION '% of %.% is refused: what was listed stays as it was', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
          USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Correct a list by its next version.';
END $$
"""
"""Refuses whatever changes or drops a row of a monthly list."""

OF_PUBLICATIONS: Final = (APPEND_PUBLICATION_STEP, REFUSE_PUBLICATION_CHANGE)
