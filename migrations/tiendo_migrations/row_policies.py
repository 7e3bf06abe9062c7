"""Who sees which rows of the log: one table of the policies, which `migrate` puts in order and `doctor` compares with.

The policies of the read models stand with them (`tiendo_read_models.row_security`), for builds are no matter of migrations.
"""

from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from tiendo_contracts.database.database_roles import DatabaseRole
from tiendo_contracts.database.policies_of_rows import RowPolicy, RowSecurity, security_differences, stated_security
from tiendo_migrations.database_rights import TABLES

_INSIDE: Final = "unit_id IN (SELECT unnest(nullif(current_setting('tiendo.inside', TRUE), '')::text[]))"
_OF_THE_LOG: Final = frozenset(
    (
        DatabaseRole.INGEST,
        DatabaseRole.PROJECTOR,
        DatabaseRole.QUERY_ALL,
        DatabaseRole.RELAY,
        DatabaseRole.POLLER,
        DatabaseRole.COMMAND_LINE,
    )
)
_OF_LISTS: Final = frozenset(
    (DatabaseRole.INGEST, DatabaseRole.QUERY_ALL, DatabaseRole.RELAY, DatabaseRole.COMMAND_LINE)
)


def _everything(table: str) -> RowPolicy:
    return RowPolicy(table=table, name="everything", command="ALL", roles=_OF_THE_LOG, using="TRUE", check="TRUE")


def _every_list(table: str) -> RowPolicy:
    return RowPolicy(table=table, name="everything", roles=_OF_LISTS, using="TRUE")


def _sight(table: str, using: str) -> RowPolicy:
    return RowPolicy(table=table, name="sight", roles=frozenset({DatabaseRole.QUERY}), using=using)


POLICIES: Final = (
    _everything("events"),
    _sight(
        "events",
        "shard IS NOT NULL AND subject IN (SELECT unnest(nullif(current_setting('tiendo.codes', TRUE), '')::text[]))",
    ),
    RowPolicy(table="events", name="no_case", roles=frozenset({DatabaseRole.NOTIFIER}), using="shard IS NULL"),
    _everything("joined_codes"),
    _every_list("publication_steps"),
    _every_list("publication_contents"),
    _every_list("publication_people"),
    _sight(
        "publication_people",
        f"{_INSIDE} OR party_key = (SELECT nullif(current_setting('tiendo.officer', TRUE), ''))",
    ),
    _sight("publication_contents", _INSIDE),
    _sight(
        "publication_steps",
        f"{_INSIDE} OR publication_id IN (SELECT named.publication_id FROM tiendo.publication_people AS named)",
    ),
)
"""The policies of the schema `tiendo`. A bound caller sees the codes named, the lists of units inside their subtrees, and what names them."""

# Names of tables are written with their schema only where it is on no search path.
_PLAIN_PATH: Final = text("SELECT set_config('search_path', 'pg_catalog', TRUE)")
_POLICIES: Final = text("""
SELECT tablename::text, policyname::text, permissive = 'PERMISSIVE' AS permissive, roles::text[], cmd, qual, with_check
  FROM pg_policies WHERE schemaname = :schema ORDER BY tablename, policyname
""")
_FLAGS: Final = text("""
SELECT relname::text, relrowsecurity, relforcerowsecurity FROM pg_class
 WHERE relnamespace = to_regnamespace(:schema) AND relkind IN ('r', 'p')
""")


async def row_security_of(connection: AsyncConnection, schema: str) -> RowSecurity:
    """What a schema has; any role will do. The transaction finds names in `pg_catalog` alone from then on."""
    await connection.execute(_PLAIN_PATH)
    rows = (await connection.execute(_FLAGS, {"schema": schema})).all()
    return RowSecurity(
        policies=tuple(
            RowPolicy(
                table=row.tablename,
                name=row.policyname,
                permissive=row.permissive,
                roles=frozenset(row.roles),
                command=row.cmd,
                using=row.qual or "",
                check=row.with_check,
            )
            for row in await connection.execute(_POLICIES, {"schema": schema})
        ),
        enabled=frozenset(row.relname for row in rows if row.relrowsecurity),
        forced=frozenset(row.relname for row in rows if row.relforcerowsecurity),
    )


async def policy_differences(connection: AsyncConnection) -> list[str]:
    """What the schema `tiendo` has otherwise than stated here, each in words."""
    return list(security_differences(stated_security(POLICIES), await row_security_of(connection, "tiendo")))


async def put_policies_in_order(connection: AsyncConnection) -> None:
    """Make the policies as they are stated where one is not, and drop what is not stated; for the owner, at the end of a transaction."""
    stated, found = stated_security(POLICIES), await row_security_of(connection, "tiendo")
    wanted, there = ({one.meaning for one in security.policies} for security in (stated, found))
    statements = [await _dropping(connection, one) for one in found.policies if one.meaning not in wanted]
    statements += [one.statement("tiendo") for one in stated.policies if one.meaning not in there]
    for names, flag in (
        (stated.enabled - found.enabled, "ENABLE"),
        ((found.enabled - stated.enabled) & TABLES.keys(), "DISABLE"),
        (found.forced & TABLES.keys(), "NO FORCE"),
    ):
        statements += [f"ALTER TABLE tiendo.{name} {flag} ROW LEVEL SECURITY" for name in sorted(names)]
    for statement in statements:
        await connection.exec_driver_sql(statement)


async def _dropping(connection: AsyncConnection, policy: RowPolicy) -> str:
    quoted = text("SELECT format('DROP POLICY %I ON tiendo.%I', CAST(:name AS text), CAST(:table AS text))")
    return str(await connection.scalar(quoted, {"name": policy.name, "table": policy.table}))
