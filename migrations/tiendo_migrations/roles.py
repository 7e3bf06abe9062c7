"""The application's role: it owns nothing, so that whatever the application does, it can only append to the log."""

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_migrations.errors import APPLICATION_ROLE, RoleNotGranted

# Another database of the same server may be migrated at this moment: the role belongs to them all.
_MAKE_ROLE = f"""
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{APPLICATION_ROLE}') THEN
        CREATE ROLE {APPLICATION_ROLE} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END $$
"""

_USABLE = """
SELECT pg_has_role(current_user, '{role}', CASE WHEN current_setting('server_version_num')::int >= 160000
                                                THEN 'SET' ELSE 'MEMBER' END)
"""

_GRANT_ON_DATABASE = f"""
DO $$
BEGIN
    IF NOT has_database_privilege('{APPLICATION_ROLE}', current_database(), 'CREATE') THEN
        EXECUTE format('GRANT CREATE ON DATABASE %I TO {APPLICATION_ROLE}', current_database());
    END IF;
END $$
"""

# Only what is missing: a role that was granted everything beforehand needs no rights to grant.
_GRANT_ON_SCHEMA = """
DO $$
BEGIN
    IF NOT has_schema_privilege('{role}', '{schema}', 'USAGE') THEN
        GRANT USAGE ON SCHEMA {schema} TO {role};
    END IF;
END $$
"""


async def ensure_role(connection: AsyncConnection) -> None:
    """Make the application's role and let the connecting role act as it. Raises RoleNotGranted."""
    try:
        async with connection.begin_nested():
            await connection.execute(text(_MAKE_ROLE))
            if not await connection.scalar(text(_USABLE.format(role=APPLICATION_ROLE))):
                await connection.execute(text(f"GRANT {APPLICATION_ROLE} TO CURRENT_USER"))
    except DBAPIError as error:
        connecting = str(await connection.scalar(text("SELECT current_user")))
        raise RoleNotGranted(connecting) from error


async def grant_on_database(connection: AsyncConnection, schema: str) -> None:
    """Let the application's role use the schema and make schemas of its own for the builds of the read models."""
    await connection.execute(text(_GRANT_ON_DATABASE))
    await connection.execute(text(_GRANT_ON_SCHEMA.format(role=APPLICATION_ROLE, schema=schema)))
