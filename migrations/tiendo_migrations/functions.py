"""The functions of the schema `tiendo`: what a service may do only in this one way, done with the rights of the schema's owner.

Whoever calls one has no say in what its names mean: the search path is fixed, temporary objects come last, and tables are named with their
schema. `doctor` compares what PostgreSQL has with what stands here; a change of one is a migration that runs its text again.
"""

from typing import Final

from tiendo_contracts.database_roles import BUILD_READERS, DatabaseRole

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

OF_BUILDS: Final = (NAME_OF_BUILD, MAKE_BUILD_SCHEMA, DROP_BUILD_SCHEMA)
