"""The functions of the schema `tiendo`: what a service may do only in this one way, done with the rights of the schema's owner.

Whoever calls one has no say in what its names mean: the search path is fixed, temporary objects come last, and tables are named with their
schema. `doctor` compares what PostgreSQL has with what stands here; a change of one is a migration that runs its text again.
"""

from typing import Final

from tiendo_contracts.advisory_locks import ACCESS
from tiendo_contracts.database_roles import BUILD_READERS, DatabaseRole

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
OF_BUILDS: Final = (NAME_OF_BUILD, MAKE_BUILD_SCHEMA, DROP_BUILD_SCHEMA)
