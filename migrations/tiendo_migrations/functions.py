"""The functions of the schema `tiendo`: what a service may do only in this one way, done with the rights of the schema's owner.

Whoever calls one has no say in what its names mean: the search path is fixed, temporary objects come last, and tables are named with their
schema. `doctor` compares what PostgreSQL has with what stands here; a change of one is a migration that runs its text again.
"""

from typing import Final

from tiendo_contracts.database.advisory_locks import ACCESS, APPEND
from tiendo_contracts.database.database_roles import BUILD_READERS, DatabaseRole
from tiendo_contracts.kept_refusals import RAW_KEPT

ACCESS_DAYS_LEAST: Final = 30
"""Younger entries of the access log are dropped by nobody."""

_SAFE: Final = "SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

MAKE_BUILD_SCHEMA: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.make_build_schema(number integer) RETURNS void LANGUAGE plpgsql {_SAFE} AS $$
DECLARE
    name text := tiendo.name_of_build(number, 'filling');
BEGIN
    -- A schema of this name can only be what an interrupted restore left: the number has just been drawn.
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', name);
    EXECUTE format('CREATE SCHEMA %I', name);
    EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %I TO {DatabaseRole.PROJECTOR}', name);
    EXECUTE format('GRANT USAGE ON SCHEMA %I TO {", ".join(BUILD_READERS)}', name);
END $$
"""
"""Makes the empty schema of a build that is noted as being filled; its tables are the projector's."""

DROP_BUILD_SCHEMA: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.drop_build_schema(number integer) RETURNS void LANGUAGE plpgsql {_SAFE} AS $$
BEGIN
    EXECUTE format('DROP SCHEMA IF EXISTS %I CASCADE', tiendo.name_of_build(number, 'filling', 'retired'));
END $$
"""
"""Drops the schema of a build that is not read."""

NAME_OF_BUILD: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.name_of_build(number integer, VARIADIC states text[]) RETURNS text
LANGUAGE plpgsql STABLE {_SAFE} AS $$
DECLARE
    found text;
BEGIN
    SELECT build.schema_name INTO found FROM tiendo.projection_builds AS build
     WHERE build.build_id = number AND build.state = ANY (states);
    IF found IS NULL OR found !~ '^build_[0-9]{{6,}}$' THEN
        RAISE EXCEPTION 'there is no build % in one of the states %', number, states USING ERRCODE = 'invalid_schema_name';
    END IF;
    RETURN found;
END $$
"""
"""The name of a build's schema."""

FORGET_ACCESS: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.forget_access(keep_days integer) RETURNS bigint LANGUAGE plpgsql {_SAFE} AS $$
DECLARE
    last record;
    dropped bigint;
BEGIN
    PERFORM pg_advisory_xact_lock({ACCESS.key});
    SELECT entry.number, entry.hash INTO last FROM tiendo.access_log AS entry
     WHERE entry.at < now() - make_interval(days => greatest(keep_days, {ACCESS_DAYS_LEAST})) ORDER BY entry.number DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN 0;
    END IF;
    UPDATE tiendo.access_log_start SET number = last.number, hash = last.hash;
    DELETE FROM tiendo.access_log WHERE number <= last.number;
    GET DIAGNOSTICS dropped = ROW_COUNT;
    RETURN dropped;
END $$
"""
"""Drops entries of the access log that are older than so many days, and notes on what the rest stands."""

REFUSE_ACCESS_CHANGE: Final = """
CREATE OR REPLACE FUNCTION tiendo.refuse_access_change() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.number <= (SELECT start.number FROM tiendo.access_log_start AS start) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION '% of %.% is refused: the access log only grows', TG_OP, TG_TABLE_SCHEMA, TG_TABLE_NAME
          USING ERRCODE = 'object_not_in_prerequisite_state';
END $$
"""
"""Refuses whatever changes an entry, or drops one that is not noted as dropped."""

OF_ACCESS_LOG: Final = (REFUSE_ACCESS_CHANGE, FORGET_ACCESS)
LOG_HEAD: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.log_head() RETURNS bigint LANGUAGE sql STABLE {_SAFE} AS $$
    SELECT coalesce(max(position), 0) FROM tiendo.events
$$
"""
"""The highest position of the log, also for who sees none of its events."""

OF_SIGHT: Final = (LOG_HEAD,)
OF_BUILDS: Final = (NAME_OF_BUILD, MAKE_BUILD_SCHEMA, DROP_BUILD_SCHEMA)

_LAST: Final = f"""
    IF cardinality(texts) > 0 THEN
        PERFORM pg_advisory_xact_lock({APPEND.key});
    END IF;
    SELECT event.position, event.ingested_at INTO last_position, instant FROM tiendo.events AS event ORDER BY event.position DESC LIMIT 1;
    last_position := coalesce(last_position, 0);
    IF instant IS NULL OR instant - clock_timestamp() NOT BETWEEN interval '0' AND interval '5 minutes' THEN
        instant := clock_timestamp();
    END IF;
"""
"""Under the lock of the writers: the last position, and the instant of what follows, which does not fall when the clock is set back a little;
after a clock that was far off it is honest again."""

APPEND_EVENTS: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.append_events(
    sources text[], ids text[], subjects text[], types text[], shards smallint[], digests bytea[], texts text[], salts bytea,
    OUT last_position bigint, OUT instant timestamptz
) LANGUAGE plpgsql {_SAFE} AS $$
BEGIN
{_LAST}
    INSERT INTO tiendo.events (position, source, id, subject, type, shard, ingested_at, digest, text, salt)
    SELECT last_position + new.ordinal, new.source, new.id, new.subject, new.type, new.shard, instant, new.digest, new.text,
           substring(salts FROM 16 * new.ordinal::integer - 15 FOR 16)
      FROM unnest(sources, ids, subjects, types, shards, digests, texts)
           WITH ORDINALITY AS new (source, id, subject, type, shard, digest, text, ordinal);
END $$
"""
"""Appends events of this log behind the last position, which it returns, with the instant that all of them have: the caller chooses neither."""

APPEND_FOLLOWED: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.append_followed(
    sources text[], ids text[], subjects text[], types text[], shards smallint[], digests bytea[], texts text[], salts bytea,
    log_ids uuid[], origin_positions bigint[], origin_instants timestamptz[],
    OUT last_position bigint, OUT instant timestamptz
) LANGUAGE plpgsql {_SAFE} AS $$
BEGIN
{_LAST}
    INSERT INTO tiendo.events
           (position, source, id, subject, type, shard, ingested_at, digest, text, salt, log_id, origin_position, origin_ingested_at)
    SELECT last_position + new.ordinal, new.source, new.id, new.subject, new.type, new.shard, instant, new.digest, new.text,
           substring(salts FROM 16 * new.ordinal::integer - 15 FOR 16), new.log_id, new.origin_position, new.origin_ingested_at
      FROM unnest(sources, ids, subjects, types, shards, digests, texts, log_ids, origin_positions, origin_instants)
           WITH ORDINALITY AS new (source, id, subject, type, shard, digest, text, log_id, origin_position, origin_ingested_at, ordinal)
     WHERE new.log_id IS NOT NULL;
END $$
"""
"""The same for events of other logs: what their own logs said of place and instant stands in columns of its own."""

ERASE_OLD_RAW: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.erase_old_raw(most integer) RETURNS integer LANGUAGE plpgsql {_SAFE} AS $$
DECLARE
    erased integer;
BEGIN
    UPDATE tiendo.rejections AS rejection SET raw = NULL
     WHERE rejection.id IN (SELECT old.id FROM tiendo.rejections AS old
                             WHERE old.raw IS NOT NULL AND old.received_at < clock_timestamp() - interval '{RAW_KEPT.days} days'
                             ORDER BY old.received_at LIMIT most);
    GET DIAGNOSTICS erased = ROW_COUNT;
    RETURN erased;
END $$
"""
"""Erases the bytes of refused events that came long ago, at most so many at once; says how many."""

OF_THE_LOG: Final = (APPEND_EVENTS, APPEND_FOLLOWED, ERASE_OLD_RAW)

REDACT_FOLLOWED: Final = f"""
CREATE OR REPLACE FUNCTION tiendo.redact_followed(
    redacted_position bigint, members text[], new_text text, kept bytea,
    sources text[], ids text[], subjects text[], types text[], shards smallint[], digests bytea[], texts text[], salts bytea
) RETURNS void LANGUAGE plpgsql {_SAFE} AS $$
BEGIN
    IF types IS DISTINCT FROM ARRAY['vn.tiendo.log.redacted.v1'] OR NOT EXISTS (
        SELECT FROM tiendo.events AS event WHERE event.position = redacted_position AND event.log_id IS NOT NULL) THEN
        RAISE EXCEPTION 'only what another log took is redacted by its word' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM tiendo.append_events(sources, ids, subjects, types, shards, digests, texts, salts);
    PERFORM tiendo.redact_event(redacted_position, members, new_text, kept);
END $$
"""
"""Appends the fact that an event of another log was redacted there, and redacts it here; what it may become the guard of the rows says."""

OF_REDACTION: Final = (REDACT_FOLLOWED,)
