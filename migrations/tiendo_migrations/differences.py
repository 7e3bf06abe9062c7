"""Whether roles, rights, policies, owners and functions of a database are as this version makes them; what differs is said in words."""

from collections.abc import AsyncIterator
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.database.database_roles import OWNER, SERVICE_ROLES
from tiendo_migrations.database_rights import surplus_and_missing
from tiendo_migrations.functions import OF_ACCESS_LOG, OF_BUILDS, OF_REDACTION, OF_SIGHT, OF_THE_LOG
from tiendo_migrations.publication_functions import OF_PUBLICATIONS
from tiendo_migrations.row_policies import policy_differences

_MIGHTY: Final = text("""
SELECT rolname FROM pg_roles
 WHERE rolname = ANY(:roles) AND (rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
       OR EXISTS (SELECT FROM pg_auth_members WHERE member = pg_roles.oid))
 ORDER BY rolname
""")
_OWNED_BY_A_SERVICE: Final = text("""
SELECT relname FROM pg_class WHERE relnamespace = 'tiendo'::regnamespace AND pg_get_userbyid(relowner) = ANY(:roles)
UNION ALL
SELECT proname FROM pg_proc WHERE pronamespace = 'tiendo'::regnamespace AND pg_get_userbyid(proowner) = ANY(:roles)
UNION ALL
SELECT nspname FROM pg_namespace WHERE nspname = 'tiendo' AND pg_get_userbyid(nspowner) = ANY(:roles)
 ORDER BY 1
""")
_FUNCTIONS: Final = text("""
SELECT proname, prosrc, prosecdef, coalesce(proconfig, '{}') = '{"search_path=pg_catalog, pg_temp"}' AS has_safe_path
  FROM pg_proc WHERE pronamespace = 'tiendo'::regnamespace ORDER BY proname
""")


async def differences(connection: AsyncConnection) -> list[str]:
    """What is not as it was made, each in words; any role that may read the schema will do."""
    return [found async for found in _differences(connection)]


async def _differences(connection: AsyncConnection) -> AsyncIterator[str]:
    services = {"roles": [role.value for role in SERVICE_ROLES]}
    for role in await connection.scalars(_MIGHTY, {"roles": [*services["roles"], OWNER.value]}):
        yield f"the role {role} may do more than log in"
    for name in await connection.scalars(_OWNED_BY_A_SERVICE, services):
        yield f"{name} belongs to the role of a service"
    async for found in _of_functions(connection):
        yield found
    surplus, missing = await surplus_and_missing(connection)
    for _, name, who, privilege in sorted(surplus):
        yield f"{privilege} on {name or 'the database'} was granted to {who or 'everybody'}"
    for _, name, who, privilege in sorted(missing):
        yield f"{privilege} on {name or 'the database'} was taken from {who}"
    for found in await policy_differences(connection):
        yield found


async def _of_functions(connection: AsyncConnection) -> AsyncIterator[str]:
    made = dict(
        map(_name_and_body, (*OF_ACCESS_LOG, *OF_BUILDS, *OF_PUBLICATIONS, *OF_REDACTION, *OF_SIGHT, *OF_THE_LOG))
    )
    for row in await connection.execute(_FUNCTIONS):
        body = made.pop(row.proname, row.prosrc)
        if body != row.prosrc:
            yield f"the function {row.proname} is another than was made"
        elif row.prosecdef and not row.has_safe_path:
            yield f"the function {row.proname} acts for the owner, and takes names from whoever calls it"
    for name in sorted(made):
        yield f"the function {name} is missing"


def _name_and_body(function: str) -> tuple[str, str]:
    """What a function of `functions.py` is called, and its text as PostgreSQL keeps it."""
    head, _, rest = function.partition("AS $$")
    return head.partition("tiendo.")[2].partition("(")[0], rest.rpartition("$$")[0]
