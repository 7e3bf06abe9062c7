"""The roles that log in to the database: made where they are missing, and whoever ran the migrations as an administrator owns nothing."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.database.database_roles import BUILD_READERS, OWNER, SERVICE_ROLES, DatabaseRole
from tiendo_migrations.errors import RoleNotGranted

FORMER_ROLE = "tiendo_app"
"""The one role that all services shared before each had a login of its own; it loses everything."""

# Another database of the same server may be migrated at this moment: the roles belong to them all.
_MAKE_ROLE = """
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
        CREATE ROLE {role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$
"""

# What an older version made as an administrator, and what the shared role made of read models: for the owner, and for the projector.
_TAKE_OVER = """
DO $$
DECLARE
    found record;
BEGIN
    IF {administrator} AND (SELECT datdba FROM pg_database WHERE datname = current_database()) <> '{owner}'::regrole THEN
        EXECUTE format('ALTER DATABASE %I OWNER TO {owner}', current_database());
    END IF;
    FOR found IN SELECT nspname AS name FROM pg_namespace
                  WHERE (nspname = 'tiendo' OR nspname ~ '^build_[0-9]+$') AND nspowner <> '{owner}'::regrole LOOP
        EXECUTE format('ALTER SCHEMA %I OWNER TO {owner}', found.name);
    END LOOP;
    FOR found IN SELECT oid::regclass AS name FROM pg_class
                  WHERE relnamespace = to_regnamespace('tiendo') AND relkind = 'r' AND relowner <> '{owner}'::regrole LOOP
        EXECUTE format('ALTER TABLE %s OWNER TO {owner}', found.name);
    END LOOP;
    FOR found IN SELECT oid::regprocedure AS name FROM pg_proc
                  WHERE pronamespace = to_regnamespace('tiendo') AND proowner <> '{owner}'::regrole LOOP
        EXECUTE format('ALTER ROUTINE %s OWNER TO {owner}', found.name);
    END LOOP;
    FOR found IN SELECT oid::regclass AS name, relnamespace::regnamespace AS build FROM pg_class
                  WHERE relnamespace::regnamespace::text ~ '^build_[0-9]+$' AND relkind = 'r'
                    AND relowner <> '{projector}'::regrole LOOP
        EXECUTE format('GRANT USAGE, CREATE ON SCHEMA %s TO {projector}', found.build);
        EXECUTE format('GRANT USAGE ON SCHEMA %s TO {readers}', found.build);
        EXECUTE format('ALTER TABLE %s OWNER TO {projector}', found.name);
        EXECUTE format('GRANT SELECT ON %s TO {readers}', found.name);
    END LOOP;
END $$
"""

# The role stays, without a right, where another database of the server knows it still, or where this login may not drop it.
_DROP_FORMER = f"""
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = '{FORMER_ROLE}') THEN
        DROP OWNED BY {FORMER_ROLE};
        BEGIN
            DROP ROLE {FORMER_ROLE};
        EXCEPTION WHEN dependent_objects_still_exist OR insufficient_privilege OR object_in_use THEN
            NULL;
        END;
    END IF;
END $$
"""


async def ensure_roles(connection: AsyncConnection) -> None:
    """See that all roles are there, and that the schema belongs to its owner, as which the transaction goes on.

    An administrator (superuser) hands everything to the owner's role; anybody else is the owner. Raises RoleNotGranted.
    """
    statement = text("SELECT quote_ident(rolname) AS name, rolsuper FROM pg_roles WHERE rolname = current_user")
    connecting, administrator = (await connection.execute(statement)).one()
    owner = OWNER.value if administrator else str(connecting)
    try:
        async with connection.begin_nested():
            for role in (*SERVICE_ROLES, *((OWNER,) if administrator else ())):
                await connection.exec_driver_sql(_MAKE_ROLE.format(role=role))
            await connection.exec_driver_sql(_taking_over(owner, administrator=administrator))
            await connection.exec_driver_sql(_DROP_FORMER)
    except DBAPIError as error:
        raise RoleNotGranted(str(connecting)) from error
    if administrator:
        await connection.exec_driver_sql(f"SET LOCAL ROLE {owner}")


def _taking_over(owner: str, *, administrator: bool) -> str:
    return _TAKE_OVER.format(
        owner=owner,
        administrator=str(administrator).lower(),
        projector=DatabaseRole.PROJECTOR,
        readers=", ".join(BUILD_READERS),
    )
